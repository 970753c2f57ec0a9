import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { expectSameEnd, type RunEnd, runEnd } from "./run-end.ts";
import { type Ended, optimizer } from "./start-optimizer.ts";
import { freshState, killed, resume, runPlan, simulated } from "./story-commands.ts";

const story = inject("story");
const root = join(import.meta.dirname, "..", "..");
const runFolder = join("runs", story.runId);
/** A change whose fate is open is made again only when describes cannot be stale; windows move with it. */
const longestShiftMinutes = 60;

const exists = spawnSync("unshare", ["--version"]).status === 0;
const works = exists && spawnSync("unshare", ["--mount", "true"]).status === 0;
const why = works ? "" : exists ? "a mount namespace needs root" : "there is no unshare(1)";
const mustHave = exists && process.env["TAP_REQUIRE_REAL_PARTS"] === "1";

/** The command line where one path of its state is mounted read-only, for it alone. */
function optimizerBeside(path: string, args: readonly string[]): Promise<Ended> {
  const mounted = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"';
  const command = ["--mount", "sh", "-c", mounted, path, process.execPath, join(root, "bin/optimizer.js"), ...args];
  const child = spawn("unshare", command, { cwd: root, env: { ...process.env, NO_COLOR: "1" }, stdio: ["ignore", "pipe", "pipe"] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }));
  });
}

describe.skipIf(why !== "" && !mustHave)(`a part of the state that is read-only${why === "" ? "" : ` (skipped: ${why})`}`, () => {
  let undisturbed: RunEnd;
  beforeAll(async () => {
    undisturbed = await runEnd(story.undisturbed, story.runId, story.printed);
  });

  it.each([
    ["the journal", join(runFolder, "journal.jsonl")],
    ["the run's folder", runFolder],
    ["the mark", join("marks", story.runId)],
    ["the marks", "marks"],
    ["the locks", "locks"],
    ["the marks of open regions", "open"],
    ["the account's log", join("simulation", "account.jsonl")],
    ["the whole state", "."],
  ])("%s: resume ends with 75 and says what cannot be written, however often; then it goes on where it stood", async (name, path) => {
    const state = freshState(story, `read-only-${name.replaceAll(/\W/g, "-")}`);
    const middle = Math.round((story.fromBytes + story.journalBytes) / 2);
    await killed(runPlan(story, state), state, story.runId, { bytes: middle, afterMs: 0 });
    for (let times = 0; times < 2; times += 1) {
      const stopped = await optimizerBeside(join(state, path), resume(story, state));
      expect(stopped.code, stopped.stderr).toBe(75);
      expect(stopped.stderr).toContain("read-only");
      const verified = await optimizer(["verify-journal", story.runId, ...simulated(state)]);
      expect(verified.code, verified.stderr).toBe(0);
    }
    const resumed = await optimizer(resume(story, state));
    expect(resumed.code, resumed.stderr).toBe(5);
    expectSameEnd(await runEnd(state, story.runId, resumed.stdout), undisturbed, `${name} read-only`, longestShiftMinutes);
  });
});
