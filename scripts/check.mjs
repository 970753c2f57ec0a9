/**
 * `npm run check`: types, typed lint, format, dead code and tests, side by side; prints each part's time and only a failed part's output. With
 * `--branches` the tests count branches, too, and fail below what `vitest.config.ts` asks for: half as long again, but tests are run once for both.
 */
import { spawn } from "node:child_process";

/** Each of the two test projects loads what the other does not need, so they run apart; the longer one takes the other's cores once that has ended. */
const tested = (project, workers, counted) => [
  "vitest",
  "run",
  `--maxWorkers=${workers}`,
  "--project",
  project,
  "--reporter=default",
  ...(process.argv.includes("--branches") ? branchesOf(project, counted) : []),
];
/** Two lanes side by side, one part after the other within. */
const lanes = [
  [
    { name: "types", command: ["tsc", "--noEmit"] },
    { name: "lint", command: ["oxlint", "-c", "oxlint.config.mjs", "--type-aware", "--deny-warnings"] },
    { name: "stack tests", command: tested("stacks", "50%", ["stacks/**", "constructs/**"]) },
  ],
  [
    { name: "format", command: ["oxfmt", "--check"] },
    { name: "dead code", command: ["knip", "--no-progress"] },
    { name: "unit tests", command: tested("unit", "100%", ["optimizer/core/**"]) },
  ],
];

const results = (await Promise.all(lanes.map(oneByOne))).flat();

const failed = results.filter(({ code }) => code !== 0);
if (failed.length > 0) {
  process.stderr.write(`\n${failed.map(({ name }) => name).join(", ")} failed\n`);
  process.exit(1);
}
process.stdout.write("all checks passed\n");

/** A report of its own for each, since each begins by emptying its folder. */
function branchesOf(project, counted) {
  return [
    "--coverage",
    "--coverage.reporter=text-summary",
    `--coverage.reportsDirectory=coverage/${project}`,
    ...counted.map((glob) => `--coverage.include=${glob}`),
  ];
}

async function oneByOne(some) {
  const ended = [];
  for (const part of some) ended.push(await runPart(part));
  return ended;
}

function runPart({ name, command }) {
  const [program, ...args] = command;
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const output = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    const finish = (code) => {
      const text = Buffer.concat(output).toString("utf8");
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      process.stdout.write(`${code === 0 ? "ok    " : "FAILED"} ${name.padEnd(11)} ${seconds} s\n`);
      if (code !== 0) process.stdout.write(`${text}\n`);
      else if (command.includes("vitest")) process.stdout.write(`${text.split("\n").slice(-8).join("\n")}\n`);
      resolve({ name, code });
    };
    child.on("error", (error) => {
      output.push(Buffer.from(String(error)));
      finish(1);
    });
    child.on("close", (code) => finish(code ?? 1));
  });
}
