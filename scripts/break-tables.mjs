/**
 * `npm run test:tables`: takes one entry at a time out of each table that the compiler checks by kind, and one value at a time out of what rules
 * and resources rest on, in a copy of the project. Ends with 0 only where the compiler or a test notices each of them.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const root = join(import.meta.dirname, "..");
const left = new Set(["node_modules", ".git", "cdktf.out", ".optimizer"]);

/** A table: an object whose type maps every kind. */
const table = /: \{ readonly \[\w+ in [^=]*\} = (?=\{)/g;
/** What is said to be rested on: a function to an object. */
const rested = /\brestsOn(?:Always)?: \([^=]*\) => \((?=\{)/g;

/** Which deletions are tried, and what must notice one: the compiler first where it can know, else the tests named here. */
const kinds = [
  {
    name: "facts and adapters of changes and resources",
    folders: ["optimizer/core/levers", "optimizer/adapters/aws"],
    opening: table,
    inner: undefined,
    compiler: true,
    tests: ["__tests__/optimizer/core/levers/change-kinds.test.ts", "__tests__/optimizer/core/execution/inventory-differences.test.ts"],
  },
  {
    name: "values that a plan rests on",
    folders: ["optimizer/core/levers"],
    opening: rested,
    inner: /=> \((?=\{)/g,
    // It could only say that a name is not used any more.
    compiler: false,
    tests: ["__tests__/optimizer/core/execution/inventory-differences.test.ts"],
  },
];

const part = "tsconfig.part.json";
const scratch = mkdtempSync(join(tmpdir(), "break-tables-"));
try {
  process.exitCode = main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function main() {
  cpSync(root, scratch, { recursive: true, filter: (path) => !left.has(basename(path)) });
  symlinkSync(join(root, "node_modules"), join(scratch, "node_modules"));
  writeFileSync(join(scratch, part), JSON.stringify({ extends: "./tsconfig.json", include: ["optimizer/core/**/*.ts", "optimizer/adapters/aws/**/*.ts"] }));
  const unnoticed = [];
  for (const kind of kinds) {
    if (!isWhole(kind)) return fail(`${kind.name}: the compiler or the tests fail before anything is deleted`);
    const deletions = kind.folders.flatMap(sourcesIn).flatMap((file) => deletionsIn(file, kind));
    if (deletions.length === 0) return fail(`${kind.name}: nothing found to delete; has its form changed?`);
    for (const deletion of deletions) {
      const by = noticedBy(deletion, kind);
      process.stdout.write(`${by === undefined ? "UNNOTICED" : by.padEnd(9)} ${deletion.file}: ${deletion.entry}\n`);
      if (by === undefined) unnoticed.push(deletion);
    }
    process.stdout.write(`${kind.name}: ${deletions.length} deletions\n`);
  }
  return unnoticed.length === 0 ? 0 : fail(`${unnoticed.length} deletions that nothing notices`);
}

function sourcesIn(folder) {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".ts"))
    .toSorted()
    .map((name) => join(folder, name));
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  return 1;
}

function isWhole({ compiler, tests }) {
  return (!compiler || compiles()) && succeeds("vitest", ["run", "--project", "unit", ...tests]);
}

function noticedBy({ file, without }, { compiler, tests }) {
  const path = join(scratch, file);
  const whole = readFileSync(path, "utf8");
  try {
    writeFileSync(path, without);
    if (compiler && !compiles()) return "compiler";
    return succeeds("vitest", ["run", "--project", "unit", ...tests]) ? undefined : "test";
  } finally {
    writeFileSync(path, whole);
  }
}

/** What fails here fails in the whole project, too, which takes many times as long. */
function compiles() {
  return succeeds("tsc", ["-p", part, "--incremental", "--tsBuildInfoFile", "part.tsbuildinfo"]);
}

function succeeds(program, args) {
  const { status, error } = spawnSync(join(root, "node_modules", ".bin", program), args, { cwd: scratch, stdio: "ignore" });
  if (error !== undefined) throw error;
  return status === 0;
}

/** The file without each entry of each object that begins where `opening` ends, and of the objects inside of an entry that `inner` finds. */
function deletionsIn(file, { opening, inner }) {
  const text = readFileSync(join(root, file), "utf8");
  const outer = openingsIn(text, opening).flatMap((open) => entriesAt(text, open));
  const nested =
    inner === undefined ? [] : outer.flatMap(([from, to]) => openingsIn(text.slice(from, to), inner).flatMap((open) => entriesAt(text, from + open)));
  return [...outer, ...nested].map(([from, to]) => ({
    file,
    entry: text.slice(from, to).trim().replaceAll(/\s+/g, " ").slice(0, 60),
    without: text.slice(0, from) + text.slice(to).replace(/^,/, ""),
  }));
}

function openingsIn(text, pattern) {
  return [...text.matchAll(pattern)].map((match) => match.index + match[0].length);
}

/** Where each entry of the object literal that opens at `open` begins and ends. */
function entriesAt(text, open) {
  const entries = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < text.length; at = afterToken(text, at)) {
    const character = text[at];
    if (character === "{" || character === "(" || character === "[") depth += 1;
    if (character === "}" || character === ")" || character === "]") depth -= 1;
    if ((depth === 1 && character === ",") || depth === 0) {
      if (text.slice(from, at).trim() !== "") entries.push([from, at]);
      from = at + 1;
    }
    if (depth === 0) return entries;
  }
  throw new Error("an object literal does not end");
}

/** Behind the character, or behind the whole string, template or comment that begins at `at`. */
function afterToken(text, at) {
  const two = text.slice(at, at + 2);
  if (two === "//") return endOf(text, "\n", at);
  if (two === "/*") return endOf(text, "*/", at + 2);
  const quote = text[at];
  if (quote !== '"' && quote !== "'" && quote !== "`") return at + 1;
  let place = at + 1;
  while (place < text.length && text[place] !== quote) {
    if (quote === "`" && text.startsWith("${", place)) place = afterBraces(text, place + 1);
    else place += text[place] === "\\" ? 2 : 1;
  }
  return place + 1;
}

/** Behind the brace that closes the one at `open`. */
function afterBraces(text, open) {
  let depth = 0;
  for (let at = open; at < text.length; at = afterToken(text, at)) {
    if (text[at] === "{") depth += 1;
    if (text[at] === "}" && --depth === 0) return at + 1;
  }
  throw new Error("a template does not end");
}

function endOf(text, ending, from) {
  const at = text.indexOf(ending, from);
  return at === -1 ? text.length : at + ending.length;
}
