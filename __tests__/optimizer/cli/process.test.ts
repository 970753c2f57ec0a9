import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const bin = join(import.meta.dirname, "../../../bin/optimizer.js");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "optimizer-cli-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function started(argv: readonly string[]) {
  return spawn(process.execPath, [bin, ...argv], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
}

async function optimizer(...argv: readonly string[]): Promise<Ended> {
  return ended(started(argv));
}

async function ended(child: ChildProcess): Promise<Ended> {
  let out = "";
  let err = "";
  // A piece of a pipe may end within a character: the stream keeps its first bytes for the next piece.
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (err += text));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, err };
}

describe("the program", { timeout: 180_000 }, () => {
  it("prints its version and its help, and nothing on standard error", async () => {
    expect(await optimizer("--version")).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: "" });
    expect(await optimizer("--help")).toMatchObject({ code: 0, out: expect.stringContaining("optimizer rollback <run>"), err: "" });
  });

  it("ends with 2, message and remedy on standard error, for bad input", async () => {
    const { code, out, err } = await optimizer("stauts");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toBe("optimizer: unknown command: stauts\n  did you mean status? (see --help)\n");
  });

  it("gives JSON alone on standard output", async () => {
    const { code, out } = await optimizer("runs", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual([]);
  });

  it("writes no colours into a pipe", async () => {
    const { out } = await optimizer("scenarios");
    expect(out).toContain("story");
    expect(out).not.toContain("\u001b");
  });

  it.each([
    ["a policy", "SIGTERM", ["iam-policy", "--policy"]],
    ["a policy", "SIGHUP", ["iam-policy", "--policy"]],
    ["a scenario", "SIGTERM", ["simulate", "deploy", "--state", "state", "--scenario"]],
  ] as const)("that waits for %s through a pipe to which nothing is written ends with 75 on %s", async (what, signal, argv) => {
    const pipe = join(folder, `${what} ${signal}`);
    execFileSync("mkfifo", [pipe]);
    const child = started([...argv, pipe]);
    const end = ended(child);
    // Opens once the program has opened its end.
    const writer = await open(pipe, "w");
    child.kill(signal);
    const { code, err } = await end;
    await writer.close();
    expect(code, err).toBe(75);
    expect(err).toContain("interrupted");
    expect(err.includes("the terminal was closed")).toBe(signal === "SIGHUP");
  });

  it.each([["--version"], ["--help"], ["plan", "--help"], ["scenarios"]])(
    "ends with 0 and says nothing where nobody reads what it answers: %s %s",
    async (...argv) => {
      const child = started(argv.filter((word) => word !== undefined));
      child.stdout.destroy();
      const { code, err } = await ended(child);
      expect([code, err]).toEqual([0, ""]);
    },
  );

  it.skipIf(!existsSync("/dev/full")).each([
    [1, ["--version"]],
    [1, ["--help"]],
    [75, ["scenarios"]],
    [75, ["runs", "--json"]],
    [2, ["plan", "--json"]],
  ] as const)("ends with %i and the reason where the disk behind standard output is full: %j", async (expected, argv) => {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [bin, ...argv], { cwd: folder, stdio: ["ignore", full, "pipe"] });
    closeSync(full);
    const { code, err } = await ended(child);
    expect(code, err).toBe(expected);
    if (expected !== 2) expect(err).toMatch(/^optimizer: standard output could not be written: ENOSPC/);
    expect(err).not.toMatch(/node:|\bat /);
  });

  it("explains what is missing when there are no outputs", async () => {
    const { code, err } = await optimizer("plan");
    expect(code).toBe(2);
    expect(err).toContain("outputs");
  });
});
