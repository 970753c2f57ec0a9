import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Judged } from "../../../bench/decisions/judge-account.ts";
import { openJudgedFile, type Origin } from "../../../bench/decisions/judged-file.ts";

const origin: Origin = { seed: 4, runs: "none", rules: "all", sources: "0123456789ab" };
let folder = "";
const file = (): string => join(folder, "judged.jsonl");

function aJudgement(account: number, lever: string): Judged {
  return {
    account,
    blueprint: "web",
    shape: "ordinary",
    lever,
    decider: "guarded",
    size: null,
    reason: "",
    counts: null,
    claimed: 0,
    realizable: 0,
    safest: 12.5,
    safestText: "db.t3.medium",
    safestWithin: 0,
    kept: null,
    isUnsafeSeen: false,
    isUnsafeLater: false,
    isUnsafeWithout: false,
  };
}

describe("a file of judgements", () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "judged-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("begins with what its judgements hang on, and has a line for each of them", () => {
    openJudgedFile(file(), origin).add(3, [aJudgement(3, "redis.size"), aJudgement(3, "ecs.service")]);
    const lines = readFileSync(file(), "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([origin, aJudgement(3, "redis.size"), aJudgement(3, "ecs.service"), { done: 3 }]);
  });

  it("knows the accounts that it has when it is opened again, those with nothing to judge among them", () => {
    const first = openJudgedFile(file(), origin);
    expect(first.known.size).toBe(0);
    first.add(3, [aJudgement(3, "redis.size")]);
    first.add(0, []);
    expect(openJudgedFile(file(), origin).known).toEqual(
      new Map([
        [3, [aJudgement(3, "redis.size")]],
        [0, []],
      ]),
    );
  });

  it.each([
    ["a line that was cut off", JSON.stringify(aJudgement(5, "redis.size")).slice(0, 40)],
    ["an account whose end is missing", `${JSON.stringify(aJudgement(5, "redis.size"))}\n`],
    ["an end without its line feed", `${JSON.stringify(aJudgement(5, "redis.size"))}\n{"done":5}`],
  ])("takes out %s, and keeps what was whole before it", (_, tail) => {
    openJudgedFile(file(), origin).add(3, [aJudgement(3, "Größe")]);
    const whole = readFileSync(file(), "utf8");
    appendFileSync(file(), tail);
    const again = openJudgedFile(file(), origin);
    expect([...again.known.keys()]).toEqual([3]);
    expect(readFileSync(file(), "utf8")).toBe(whole);
    again.add(5, []);
    expect([...openJudgedFile(file(), origin).known.keys()]).toEqual([3, 5]);
  });

  it.each([
    [{ seed: 5 }, "seed 4 instead of 5"],
    [{ runs: "all" }, "runs none instead of all"],
    [{ rules: "redis.size" }, "rules all instead of redis.size"],
    [{ sources: "ba9876543210" }, "sources 0123456789ab instead of ba9876543210"],
  ])("is refused by a run of %j, and left as it is", (other, told) => {
    openJudgedFile(file(), origin).add(3, []);
    const before = readFileSync(file(), "utf8");
    expect(() => openJudgedFile(file(), { ...origin, ...other })).toThrow(told);
    expect(readFileSync(file(), "utf8")).toBe(before);
  });

  it("is refused where it is something else", () => {
    writeFileSync(file(), "# notes\n");
    expect(() => openJudgedFile(file(), origin)).toThrow("does not begin with what its judgements are of");
    writeFileSync(file(), `${JSON.stringify(origin)}\nnotes\n`);
    expect(() => openJudgedFile(file(), origin)).toThrow("line 2 is no JSON");
    expect(readFileSync(file(), "utf8")).toContain("notes");
  });
});
