import type { Judged } from "./judge-account.ts";
import { levers } from "./oracle.ts";

/** One row a decider and lever; then who was unsafe, and why savings were missed. */
export function showTable(judged: readonly Judged[], accounts: number, seed: number): void {
  console.log(`Decisions on ${accounts} accounts, seed ${seed}: sizes tried on the model of the load`);
  console.log(
    "| lever | decider | proposed | unsafe, seen | unsafe, later | fails without a zone or member | kept | kept and unsafe | of the safe savings | claimed ÷ realizable |",
  );
  console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  const deciders = [...new Set(judged.map(({ decider }) => decider))];
  for (const lever of levers) {
    for (const decider of deciders) {
      const own = judged.filter((each) => each.lever === lever && each.decider === decider);
      console.log(`| ${[lever, decider, ...figures(own)].join(" | ")} |`);
    }
  }
  const guarded = judged.filter(({ decider }) => decider === "guarded");
  for (const each of guarded.filter(({ isUnsafeSeen, isUnsafeLater, isUnsafeWithout }) => isUnsafeSeen || isUnsafeLater || isUnsafeWithout)) {
    const when = [each.isUnsafeSeen ? "seen" : "", each.isUnsafeLater ? "later" : "", each.isUnsafeWithout ? "without one" : ""].filter(Boolean).join(", ");
    console.log(`unsafe (${when}): account ${each.account} (${each.shape}) ${each.lever} → ${each.size ?? ""}${each.isKept === true ? ", kept" : ""}`);
  }
  showMisses(guarded);
}

function figures(own: readonly Judged[]): readonly string[] {
  const proposed = own.filter(({ size }) => size !== null);
  const count = (of: (each: Judged) => boolean): string => String(proposed.filter(of).length);
  const sum = (some: readonly Judged[], of: (each: Judged) => number): number => some.reduce((total, each) => total + of(each), 0);
  const safe = proposed.filter(({ isUnsafeSeen, isUnsafeWithout }) => !isUnsafeSeen && !isUnsafeWithout);
  const isRun = own.some(({ isKept }) => isKept !== null);
  return [
    String(proposed.length),
    count(({ isUnsafeSeen }) => isUnsafeSeen),
    count(({ isUnsafeLater }) => isUnsafeLater),
    count(({ isUnsafeWithout }) => isUnsafeWithout),
    isRun ? count(({ isKept }) => isKept === true) : "not run",
    isRun ? count(({ isKept, isUnsafeSeen, isUnsafeLater }) => isKept === true && (isUnsafeSeen || isUnsafeLater)) : "",
    percent(sum(safe, ({ realizableUsd }) => realizableUsd) / sum(own, ({ safestUsd }) => safestUsd)),
    (sum(proposed, ({ claimedUsd }) => claimedUsd) / sum(proposed, ({ realizableUsd }) => realizableUsd)).toFixed(2),
  ];
}

/** Where the oracle saves more, by the reason given. */
function showMisses(guarded: readonly Judged[]): void {
  const missed = new Map<string, { accounts: number; usd: number }>();
  for (const { safestUsd, realizableUsd, size, reason, lever } of guarded) {
    const usd = safestUsd - (size === null ? 0 : realizableUsd);
    if (usd < 1) continue;
    const key = `${lever}: ${size === null ? reason : "a smaller size was safe, too"}`;
    const before = missed.get(key) ?? { accounts: 0, usd: 0 };
    missed.set(key, { accounts: before.accounts + 1, usd: before.usd + usd });
  }
  for (const [key, { accounts, usd }] of [...missed].sort(([, a], [, b]) => b.usd - a.usd)) {
    console.log(`missed: ${key}, ${accounts} accounts, $${usd.toFixed(0)} a month`);
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
