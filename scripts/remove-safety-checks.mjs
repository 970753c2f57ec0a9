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

const app = "optimizer/app";
const execution = "optimizer/core/execution";
const observation = "optimizer/core/observation";

/** The check in words, what takes it out (file, its text, what stands there instead), and the drill. */
const checks = [
  {
    name: "the lease is asked for before a change is sent",
    drill: "a sleeper wakes before a change",
    edits: [
      ["optimizer/adapters/aws/mutation-permit.ts", "await held().assertHeld();", ""],
      ["optimizer/adapters/aws/mutation-permit.ts", "if (held().remainingMs() <= 0) throw expired();", ""],
      // A call that took as long as a lease to prepare is given up, too.
      ["optimizer/adapters/aws/mutation-permit.ts", "|| monotonicMs() - sending.beganMs > preparationMs", ""],
    ],
  },
  {
    name: "intents are on disk before the call",
    drill: "undisturbed",
    edits: [[`${app}/run-context.ts`, 'draft.type === "SLOT" ? "lazy" : "durable"', '"lazy"']],
  },
  {
    name: "tags are read again before a change",
    drill: "a group becomes a tenant's",
    edits: [[`${app}/apply-change.ts`, 'if (tenant !== undefined) return giveUp(effect, run, "tenant-resource", tenant);', ""]],
  },
  {
    name: "a describe may be stale for five minutes",
    drill: "describes are stale",
    edits: [[`${execution}/retry-limits.ts`, "staleDescribeMs = 300_000", "staleDescribeMs = 0"]],
  },
  {
    name: "what somebody else changed is left alone",
    drill: "a member gets another size",
    edits: [
      [
        `${app}/apply-change.ts`,
        'case "foreign":\n      return drift(effect, run, state);\n    default',
        'case "foreign":\n      return write(effect, run);\n    default',
      ],
    ],
  },
  {
    name: "what passes is described right before it passes and before its phase closes",
    drill: "a size is put back as the last window closes",
    edits: [
      [`${execution}/next-watch.ts`, "if (inPlace.length === 0) return recordEffect(", "if (inPlace.length >= 0) return recordEffect("],
      [`${execution}/next-stage.ts`, "inspectStage(facts, stage) ?? lookBeforePhaseCloses(facts, stage)", "inspectStage(facts, stage)"],
    ],
  },
  {
    name: "a change is read back before it is verified",
    drill: "undisturbed",
    edits: [
      [
        `${app}/apply-change.ts`,
        'if (standing === "after" && differs.length === 0)',
        'if (effect.purpose === "forward") return journalVerified(effect, run, state);\n  if (standing === "after" && differs.length === 0)',
      ],
    ],
  },
  {
    name: "a rollback is read back before it is verified",
    drill: "the canary's group is too small",
    edits: [
      [
        `${app}/apply-change.ts`,
        'if (standing === "after" && differs.length === 0)',
        'if (effect.purpose === "rollback") return journalVerified(effect, run, state);\n  if (standing === "after" && differs.length === 0)',
      ],
    ],
  },
  {
    name: "a change that AWS accepts and that does not settle is given up",
    drill: "no capacity for days",
    edits: [
      [`${execution}/retry-limits.ts`, "maxAcceptances = 3", "maxAcceptances = 1_000"],
      [`${execution}/retry-limits.ts`, "maxAttempts = 12", "maxAttempts = 1_000"],
      [`${app}/apply-change.ts`, "if (nowMs >= acceptedMs + patience.maxMinutes * 60_000 && !isTriedAgain) {", "if (nowMs < 0) {"],
    ],
  },
  {
    name: "a region that cannot be read is held",
    drill: "metrics are denied for days",
    edits: [[`${app}/advance.ts`, "if (stage === undefined || stage.held !== undefined) return;", "if (poll !== undefined) return;"]],
  },
  {
    name: "a region is healthy before its first change",
    drill: "a region ill before its next change",
    edits: [[`${execution}/next-stage.ts`, "if (unwell !== undefined) return unwell;", ""]],
  },
  {
    name: "no region begins after another's breach",
    drill: "the canary's group is too small",
    edits: [
      [`${execution}/next-stage.ts`, "if (back !== undefined) return cancel", "if (nowhere(back)) return cancel"],
      [
        `${execution}/next-stage.ts`,
        "/** The first action that is not through yet",
        "function nowhere(_: unknown): boolean {\n  return false;\n}\n\n/** The first action that is not through yet",
      ],
    ],
  },
  {
    name: "what cannot be undone comes only after everything has passed",
    drill: "the second region's database is too small",
    edits: [[`${execution}/next-stage.ts`, "stage.round === 3 ? before.find(isGoingBack) : undefined", "undefined as StageState | undefined"]],
  },
  {
    name: "what follows a change is skipped where that was not kept",
    drill: "the canary's database is too small",
    edits: [[`${execution}/next-stage.ts`, "if (action.after !== undefined && !isKept(", 'if (action.after === "" && !isKept(']],
  },
  {
    name: "other regions wait until the canary has soaked",
    drill: "undisturbed",
    edits: [[`${execution}/next-stage.ts`, "return soaked && acted ?", "return soaked || acted ?"]],
  },
  {
    name: "a window begins after the newest change",
    drill: "undisturbed",
    edits: [[`${execution}/next-watch.ts`, 'stage.status === "observing" && window.startMs < startMs', "window.startMs < 0 && startMs < 0"]],
  },
  {
    name: "missing data never passes",
    drill: "metrics are partial for hours",
    edits: [
      [`${observation}/judge-window.ts`, "const gap = coverageGap(seen, policy);", "const gap = policy.minutes < 0 ? coverageGap(seen, policy) : undefined;"],
    ],
  },
  {
    name: "a slot is whole before it is scored",
    drill: "metrics come late",
    edits: [[`${observation}/completeness.ts`, "if (usual !== undefined) return here >= leastShare * usual;", "if (usual !== undefined) return true;"]],
  },
  {
    name: "the whole window keeps the literal limits",
    drill: "the second region's database is too small",
    edits: [[`${observation}/judge-window.ts`, "const failed = over ? endGate(", "const failed = over && policy.minutes < 0 ? endGate("]],
  },
];

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
  const wanted = checks.filter(({ name }) => name.includes(asked));
  const whole = asked === "" ? play("all") : undefined;
  if (whole !== undefined && whole.status !== 0) return fail(`a drill breaks a promise before anything is removed:\n${whole.text}`);
  const unnoticed = wanted.filter((check) => !isNoticed(check));
  process.stdout.write(`${wanted.length - unnoticed.length} of ${wanted.length} removed checks are noticed\n`);
  return unnoticed.length === 0 ? 0 : fail(`${unnoticed.length} that nothing notices`);
}

function isNoticed({ name, drill, edits }) {
  const before = new Map();
  try {
    for (const [file, text, instead] of edits) {
      const path = join(scratch, file);
      const source = readFileSync(path, "utf8");
      if (!before.has(path)) before.set(path, source);
      if (!source.includes(text)) throw new Error(`${file} does not hold what "${name}" takes out; has it changed?`);
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
