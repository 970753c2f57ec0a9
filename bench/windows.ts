/**
 * `tsx bench/windows.ts [windows] [seed]`: how often windows are rolled back, by traffic, noise and what befalls them. What shall be below
 * 1 % or above 95 % and is not is marked.
 */
import { noises } from "./window-noise.ts";
import { rolledBackShare, type Scenario, scenarios, smallestVisible } from "./window-study.ts";

const windows = Number(process.argv[2] ?? 1000);
const seed = Number(process.argv[3] ?? 20_260_301);
const rates = [1000, 50, 2.5];

function shown(share: number, { want }: Scenario): string {
  const isReached = want.kind === "false" ? share <= 0.01 : share >= 0.95;
  return `${(share * 100).toFixed(1)}${isReached ? " " : "*"}`;
}

console.log(`Share of ${windows} windows rolled back, in percent; seed ${seed}; * is not what is wanted`);
for (const requestsPerSecond of rates) {
  const begun = performance.now();
  // Noise by noise, since all scenarios of a cell judge by the same baselines.
  const columns = noises.map((noise) => scenarios.map((scenario) => shown(rolledBackShare({ requestsPerSecond, noise }, scenario, windows, seed), scenario)));
  const visible = noises.map((noise) => smallestVisible({ requestsPerSecond, noise }, seed));
  const seconds = (performance.now() - begun) / 1000 / (noises.length * scenarios.length);
  console.log(`\n${`${requestsPerSecond} requests/s`.padEnd(42)}${noises.map(({ name }) => name.padStart(15)).join("")}   (${seconds.toFixed(1)} s a cell)`);
  for (const [row, scenario] of scenarios.entries()) {
    const goal = scenario.want.kind === "false" ? "≤ 1" : "≥ 95";
    console.log(`  ${scenario.name} (${goal})`.padEnd(42) + columns.map((column) => (column[row] ?? "").padStart(15)).join(""));
  }
  const says = (name: string, figures: readonly number[]): void => {
    console.log(`  ${name}`.padEnd(42) + figures.map((figure) => `${(figure * 100).toPrecision(2)} `.padStart(15)).join(""));
  };
  says(
    "the plan says: p99 seen from +",
    visible.map(({ smallestVisibleP99Increase }) => smallestVisibleP99Increase),
  );
  says(
    "at peak from +",
    visible.map(({ smallestVisiblePeakP99Increase = Number.NaN }) => smallestVisiblePeakP99Increase),
  );
  says(
    "errors, within 8 h, from",
    visible.map(({ smallestVisibleErrorRate }) => smallestVisibleErrorRate),
  );
}
