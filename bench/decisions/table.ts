import type { Judged } from "./judge-account.ts";
import { levers, nameOf } from "./levers.ts";

const columns = [
  "lever",
  "decider",
  "accounts",
  "proposed",
  "unsafe, seen",
  "unsafe, later",
  "fails without one",
  "run",
  "kept",
  "kept and unsafe",
  "of what is safe",
  "of what is safe within the margins",
  "claimed ÷ realizable",
];

/** One row a decider and lever, as Markdown; then who was unsafe, and why savings were missed. */
export function tableOf(judged: readonly Judged[]): readonly string[] {
  const deciders = [...new Set(judged.map(({ decider }) => decider))];
  const rows = levers.map(nameOf).flatMap((lever) =>
    deciders.flatMap((decider) => {
      const own = judged.filter((each) => each.lever === lever && each.decider === decider);
      return own.length === 0 ? [] : [row([lever, decider, ...figures(own)])];
    }),
  );
  const guarded = judged.filter(({ decider }) => decider === "guarded");
  return [row(columns), row(columns.map((_, at) => (at < 2 ? "---" : "---:"))), ...rows, ...unsafe(guarded), ...misses(guarded)];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function figures(own: readonly Judged[]): readonly string[] {
  const proposed = own.filter(({ size }) => size !== null);
  const count = (of: (each: Judged) => boolean): string => String(proposed.filter(of).length);
  const safe = proposed.filter(({ isUnsafeSeen, isUnsafeWithout }) => !isUnsafeSeen && !isUnsafeWithout);
  const run = proposed.flatMap(({ kept }) => kept ?? []);
  const isRun = own[0]?.decider === "guarded";
  const gain = sum(safe, ({ realizable }) => realizable);
  return [
    String(own.length),
    String(proposed.length),
    count(({ isUnsafeSeen }) => isUnsafeSeen),
    count(({ isUnsafeLater }) => isUnsafeLater),
    count(({ isUnsafeWithout }) => isUnsafeWithout),
    isRun ? String(run.length) : "–",
    isRun ? String(run.filter(({ isAny }) => isAny).length) : "–",
    isRun ? String(run.filter((each) => each.isAny && (each.isUnsafeSeen || each.isUnsafeLater)).length) : "–",
    percent(
      gain,
      sum(own, ({ safest }) => safest),
    ),
    percent(
      gain,
      sum(own, ({ safestWithin }) => safestWithin),
    ),
    ratio(
      sum(proposed, ({ claimed }) => claimed),
      sum(proposed, ({ realizable }) => realizable),
    ),
  ];
}

function unsafe(guarded: readonly Judged[]): readonly string[] {
  return guarded
    .filter(({ isUnsafeSeen, isUnsafeLater, isUnsafeWithout }) => isUnsafeSeen || isUnsafeLater || isUnsafeWithout)
    .map((each) => {
      const when = [each.isUnsafeSeen ? "seen" : "", each.isUnsafeLater ? "later" : "", each.isUnsafeWithout ? "without one" : ""].filter(Boolean).join(", ");
      const kept = each.kept === null ? "not run" : each.kept.isAny ? "kept" : "rolled back";
      return `unsafe (${when}): account ${each.account} (${each.shape}) ${each.lever} → ${each.size ?? ""}, ${kept}`;
    });
}

/** Where the oracle gains more, by the reason given: of what is safe at all, and of what is safe within the margins. */
function misses(guarded: readonly Judged[]): readonly string[] {
  const missed = new Map<string, { readonly accounts: number; readonly gain: number; readonly within: number }>();
  for (const { safest, safestWithin, realizable, size, reason, lever, counts } of guarded) {
    const had = size === null ? 0 : realizable;
    if (safest - had < 0.5) continue;
    const key = `${lever}: ${size === null ? reason : `more was safe, too${reason === "" ? "" : ` (${reason})`}`}, ${counts ?? "$ a month"}`;
    const before = missed.get(key) ?? { accounts: 0, gain: 0, within: 0 };
    missed.set(key, { accounts: before.accounts + 1, gain: before.gain + safest - had, within: before.within + Math.max(0, safestWithin - had) });
  }
  return [...missed]
    .sort(([, a], [, b]) => b.gain - a.gain)
    .map(([key, { accounts, gain, within }]) => `missed: ${key}: ${gain.toFixed(0)} in ${accounts} accounts, of that ${within.toFixed(0)} within the margins`);
}

function sum<T>(some: readonly T[], of: (each: T) => number): number {
  return some.reduce((total, each) => total + of(each), 0);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "nothing to have" : `${((part / whole) * 100).toFixed(1)} %`;
}

function ratio(part: number, whole: number): string {
  return whole === 0 ? "–" : (part / whole).toFixed(2);
}
