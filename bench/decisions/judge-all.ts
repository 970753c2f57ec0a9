import type { Judged } from "./judge-account.ts";

/** Judges one account at a time. */
export interface Judge {
  judge(account: number): Promise<readonly Judged[]>;
}

/** Hands accounts out, the next one to whoever is free, and tells of each as soon as it is judged. Where one cannot be judged, no further ones are begun. */
export async function judgeAll(
  accounts: readonly number[],
  judges: readonly Judge[],
  judgedIs: (account: number, judged: readonly Judged[]) => void,
): Promise<void> {
  let next = 0;
  const workThrough = async (judge: Judge): Promise<void> => {
    for (let account = accounts[next]; account !== undefined; account = accounts[next]) {
      next += 1;
      judgedIs(account, await judge.judge(account));
    }
  };
  await Promise.all(
    judges.map((judge) =>
      workThrough(judge).catch((error: unknown) => {
        next = accounts.length;
        throw error;
      }),
    ),
  );
}
