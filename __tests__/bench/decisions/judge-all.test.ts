import { describe, expect, it } from "vitest";
import type { Judged } from "../../../bench/decisions/judge-account.ts";
import { type Judge, judgeAll } from "../../../bench/decisions/judge-all.ts";

/** A judge whose accounts take as many turns as is said; it notes what it began. */
function aJudge(turns: number, begun: number[], failsAt = Number.NaN): Judge {
  return {
    async judge(account): Promise<readonly Judged[]> {
      begun.push(account);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      if (account === failsAt) throw new Error(`account ${account} is not simulated`);
      return [];
    },
  };
}

describe("judging many accounts", () => {
  it("judges each once, and gives more of them to whoever is sooner done", async () => {
    const [quick, slow, told] = [[] as number[], [] as number[], [] as number[]];
    await judgeAll([4, 5, 6, 7, 8, 9], [aJudge(1, quick), aJudge(40, slow)], (account) => told.push(account));
    expect(slow).toEqual([5]);
    expect(quick).toEqual([4, 6, 7, 8, 9]);
    expect(told.toSorted((a, b) => a - b)).toEqual([4, 5, 6, 7, 8, 9]);
  });

  it("begins no further ones where one cannot be judged, and says which", async () => {
    const begun: number[] = [];
    await expect(judgeAll([0, 1, 2, 3, 4, 5], [aJudge(1, begun, 0), aJudge(20, begun)], () => undefined)).rejects.toThrow("account 0 is not simulated");
    expect(begun.toSorted((a, b) => a - b)).toEqual([0, 1]);
  });
});
