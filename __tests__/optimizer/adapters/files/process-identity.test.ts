import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { isCertainlyDead, thisProcess } from "../../../../optimizer/adapters/files/process-identity.ts";

const gone = spawnSync(process.execPath, ["-e", ""]).pid;
const dead = { ...thisProcess(), pid: gone };

describe("a lock's holder", () => {
  it("is certainly dead when the same machine knows no such process any more, or another that began later", () => {
    expect(isCertainlyDead(dead)).toBe(true);
    if (thisProcess().startTicks !== null) expect(isCertainlyDead({ ...thisProcess(), startTicks: "1" })).toBe(true);
  });

  it.each([
    ["is this process", thisProcess()],
    ["is on another machine", { ...dead, host: "elsewhere" }],
    ["ran before the machine was started again", { ...dead, bootId: "another" }],
    ["is in a container, in other namespaces", { ...dead, namespaces: "pid:[1] net:[1] time:[1]" }],
    ["shares only the PID namespace", { ...dead, namespaces: (dead.namespaces ?? "").replace(/net:\[\d+\]/, "net:[1]") }],
    ["was written by a version that knew no namespaces", { ...dead, namespaces: process.platform === "linux" ? null : "x" }],
  ])("is not when it %s: a whole lease is waited for", (_, holder) => {
    expect(isCertainlyDead(holder)).toBe(false);
  });
});
