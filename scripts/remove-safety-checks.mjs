/**
 * `npm run test:simulation:mutations [-- WORDS OF ONE CHECK]`: takes one named safety check at a time out of the engine, in a copy of the project, and plays the drill that
 * needs it (__tests__/fault-schedules/drills.ts). Prints which promise broke. Ends with 0 only where every removal breaks one.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const root = join(import.meta.dirname, "..");
const left = new Set(["node_modules", ".git", "cdktf.out", ".optimizer", ".cache", "__snapshots__", "golden"]);

/** Each check in words, what takes it out (file, its text, what stands there instead), and the drill. */
const safetyChecks = JSON.parse(readFileSync(join(import.meta.dirname, "safety-checks.json"), "utf8"));

/** One drill takes seconds; a removed check may make it endless. */
const longestPlayMs = 5 * 60_000;

const asked = process.argv.slice(2).join(" ");
const scratch = mkdtempSync(join(tmpdir(), "remove-checks-"));
try {
  process.exitCode = main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function main() {
  cpSync(root, scratch, { recursive: true, filter: (path) => !left.has(basename(path)) });
  symlinkSync(join(root, "node_modules"), join(scratch, "node_modules"));
  const wanted = safetyChecks.filter(({ name }) => name.includes(asked));
  const whole = asked === "" ? play("all") : undefined;
  if (whole !== undefined && whole.status !== 0) return fail(`a drill breaks a promise before anything is removed:\n${whole.text}`);
  const unnoticed = wanted.filter((check) => !isNoticed(check));
  process.stdout.write(`${wanted.length - unnoticed.length} of ${wanted.length} removed checks are noticed\n`);
  return unnoticed.length === 0 ? 0 : fail(`${unnoticed.length} that nothing notices`);
}

function isNoticed({ name, drill, edits }) {
  const before = new Map();
  try {
    for (const { file, text, instead } of edits) {
      const path = join(scratch, file);
      const source = readFileSync(path, "utf8");
      if (!before.has(path)) before.set(path, source);
      writeFileSync(path, source.replaceAll(text, instead));
    }
    const { status, text, hung } = play(drill);
    const broken = text.split("\n").find((line) => line.startsWith("BROKEN "));
    // A drill that does not come to its end any more is noticed, too: nobody would wait for it.
    const noticed = hung || (status === 1 && broken !== undefined);
    const why = hung ? `the drill did not come to its end within ${longestPlayMs / 60_000} minutes` : broken?.slice("BROKEN ".length, 220);
    process.stdout.write(`${noticed ? "noticed " : "UNNOTICED"} ${name}\n  drill: ${drill}\n  ${noticed ? why : text.trim().slice(-600)}\n`);
    return noticed;
  } finally {
    for (const [path, source] of before) writeFileSync(path, source);
  }
}

function play(drill) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, ["--import", "tsx", "__tests__/fault-schedules/run.ts", "--drill", drill], {
    cwd: scratch,
    encoding: "utf8",
    ...(drill === "all" ? {} : { timeout: longestPlayMs, killSignal: "SIGKILL" }),
  });
  const hung = error?.code === "ETIMEDOUT";
  if (error !== undefined && !hung) throw error;
  return { status, text: `${stdout}${stderr}`, hung };
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  return 1;
}
