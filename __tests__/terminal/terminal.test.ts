import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { optimizer } from "../crash/start-optimizer.ts";
import { missingInWords, openTerminal, root, type Terminal } from "./tmux.ts";

let scratch = "";
let terminal: Terminal | undefined;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "tap-terminal-"));
  const deployed = await optimizer(["simulate", "deploy", "--state", join(scratch, "template")]);
  expect(deployed.code, deployed.stderr).toBe(0);
  const planned = await optimizer(["plan", "--state", join(scratch, "template"), "--out", join(scratch, "plan.json")]);
  expect(planned.code, planned.stderr).toBe(0);
});
afterEach(() => terminal?.close());
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function open(command: string, columns: number, environment: Readonly<Record<string, string>> = {}): Terminal {
  terminal = openTerminal(command, columns, environment);
  return terminal;
}

function freshState(name: string): string {
  const state = join(scratch, name);
  cpSync(join(scratch, "template"), state, { recursive: true });
  return state;
}

const optimizerHere = `node ${join(root, "bin/optimizer.js")}`;

describe.skipIf(missingInWords !== undefined)("in a terminal", () => {
  it.each([80, 120])("of %i columns a plan fits its width and one screen of 24 lines, and ends with its counts and the next command", async (columns) => {
    const plan = open(`${optimizerHere} plan --state ${freshState(`plan-${columns}`)} --out ${join(scratch, "p.json")}`, columns);
    expect(await plan.exitCode()).toBe(0);
    const lines = plan.screen().map((line) => line.trimEnd());
    const [first, last] = [lines.findIndex((line) => line.startsWith("Plan ")), lines.findIndex((line) => line.startsWith("Plan: "))];
    expect(lines[last]).toMatch(/^Plan: \d+ to change, \d+ left alone, 2 need approval; each undone in ≤ 3 h$/);
    expect(last - first + 1).toBeLessThanOrEqual(24);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    // A path or a command may be longer than the screen; words of the plan are never broken.
    expect(lines.slice(first, last).filter((line) => /\w{79}/.test(line))).toEqual([]);
    expect(lines.some((line) => /^next\s+npx optimizer run/.test(line))).toBe(true);
  });

  it.each([80, 120])(
    "of %i columns a run shows regions × phases with its progress and the time left, redrawn in place, and nothing of it afterwards",
    async (columns) => {
      const run = open(`${optimizerHere} run --yes --plan ${join(scratch, "plan.json")} --state ${freshState(`live-${columns}`)}`, columns);
      const live = await run.shows(/^us-east-1 .* slot \d+\/192, /);
      expect(live.filter((line) => /left +phase 1 +phase 2 +phase 3/.test(line))).toHaveLength(1);
      expect(live.filter((line) => /^us-west-2 +–/.test(line))).toHaveLength(1);
      expect(await run.exitCode()).toBe(5);
      expect(run.screen().some((line) => /left +phase 1/.test(line))).toBe(false);
    },
  );

  it("writes colours, and none with NO_COLOR", async () => {
    const coloured = open(`${optimizerHere} scenarios`, 80);
    expect(await coloured.exitCode()).toBe(0);
    expect(coloured.screen(true).join("\n")).toContain("\u001b[1m");
    coloured.close();
    const plain = open(`${optimizerHere} scenarios`, 80, { NO_COLOR: "1" });
    expect(await plain.exitCode()).toBe(0);
    expect(plain.screen(true).join("\n")).not.toContain("\u001b[1m");
  });

  it("writes neither colours nor anything that is redrawn into a pipe", async () => {
    const log = join(scratch, "piped.log");
    const piped = open(`${optimizerHere} run --yes --plan ${join(scratch, "plan.json")} --state ${freshState("piped")} | cat > ${log}`, 80);
    await piped.exitCode();
    const text = readFileSync(log, "utf8");
    expect(text).toContain("partly rolled back");
    expect(text).not.toContain("\u001b");
    expect(text).not.toMatch(/left +phase 1/);
  });

  it.each(["node bin/optimizer.js", "npx --no-install optimizer", "npm exec --no -- optimizer"])(
    "ends with 75 after Ctrl-C, the journal whole, when it was started as %s",
    async (started) => {
      const state = freshState(started.replaceAll(/\W+/g, "-"));
      const run = open(`${started} run --yes --plan ${join(scratch, "plan.json")} --state ${state}`, 120);
      await run.shows(/slot \d+\/192, /);
      run.press("C-c");
      expect(await run.exitCode()).toBe(75);
      expect(run.screen().join("\n")).toContain("can be resumed");
      const status = await optimizer(["status", "--state", state]);
      expect(status.stdout).toMatch(/next {2}npx optimizer resume run-/);
    },
  );

  it("that is closed stops a run as SIGTERM does: 75, its lock given back, and it can be resumed", async () => {
    const state = freshState("closed");
    const run = open(`${optimizerHere} run --yes --plan ${join(scratch, "plan.json")} --state ${state}`, 80);
    await run.shows(/^us-east-1 .* slot \d+\/192, /);
    run.hangUp();
    expect(await run.exitCode()).toBe(75);
    const [runId] = readdirSync(join(state, "runs"));
    const journal = readFileSync(join(state, "runs", runId ?? "", "journal.jsonl"), "utf8")
      .trimEnd()
      .split("\n");
    expect(journal.at(-1)).toContain(`"type":"LEASE","body":{"event":"released"`);
    expect(await optimizer(["resume", runId ?? "", "--state", state])).toMatchObject({ code: 5 });
  });

  it.each<[string, (terminal: Terminal) => void, readonly number[]]>([
    ["Ctrl-D", (asked) => asked.press("C-d"), [4]],
    // Whichever the process hears first: that its terminal has ended, or the signal, which may come (129) while it ends as declined.
    ["a closed window", (asked) => asked.hangUp(), [4, 75, 129]],
  ])("takes %s for no answer to its question, and changes nothing", async (name, answer, codes) => {
    const state = freshState(name.replaceAll(" ", "-"));
    const run = open(`${optimizerHere} run --plan ${join(scratch, "plan.json")} --state ${state}`, 80);
    await run.shows(/\[yes\/no\]/);
    answer(run);
    expect(codes).toContain(await run.exitCode());
    expect(existsSync(join(state, "runs"))).toBe(false);
  });

  it("hands Ctrl-C through `npm run demo`, and gives the terminal back as it was", async () => {
    const demo = open(
      `stty -a > ${scratch}/before; npm run --silent demo -- --state ${join(scratch, "demo")}; code=$?; stty -a > ${scratch}/after; (exit $code)`,
      120,
    );
    await demo.shows(/slot \d+\/192, /);
    demo.press("C-c");
    expect(await demo.exitCode()).toBe(75);
    expect(readFileSync(join(scratch, "after"), "utf8")).toBe(readFileSync(join(scratch, "before"), "utf8"));
  });

  it("asks, and takes no for an answer, when npm started it", async () => {
    const run = open(`npx --no-install optimizer run --plan ${join(scratch, "plan.json")} --state ${freshState("asked")}`, 120);
    await run.shows(/Carry out \d+ changes.*\[yes\/no\]/);
    run.press("n");
    run.press("o");
    run.press("Enter");
    expect(await run.exitCode()).toBe(4);
  });
});
