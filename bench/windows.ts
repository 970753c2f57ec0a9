/**
 * `tsx bench/windows.ts [windows] [seed]`: how often windows are rolled back, by traffic, noise and what befalls them. What shall be below
 * 1 % or above 95 % and is not is marked.
 */
import { noises } from "./window-noise.ts";
import { rolledBackShare, type Scenario, scenarios } from "./window-study.ts";

const windows = Number(process.argv[2] ?? 1000);
const seed = Number(process.argv[3] ?? 20_260_301);
const only = process.argv[4];
const rates = [1000, 50, 2.5];

function shown(share: number, { want }: Scenario): string {
  const isReached = want.kind === "false" ? share <= 0.01 : share >= 0.95;
  return `${(share * 100).toFixed(1)}${isReached ? " " : "*"}`;
}

console.log(`Share of ${windows} windows rolled back, in percent; seed ${seed}; * is not what is wanted`);
for (const requestsPerSecond of rates) {
  console.log(`\n${requestsPerSecond} requests/s`.padEnd(40) + noises.map(({ name }) => name.padStart(15)).join(""));
  for (const scenario of scenarios) {
    if (only !== undefined && !scenario.name.includes(only)) continue;
    const begun = performance.now();
    const shares = noises.map((noise) => shown(rolledBackShare({ requestsPerSecond, noise }, scenario, windows, seed), scenario));
    const goal = scenario.want.kind === "false" ? "≤ 1" : "≥ 95";
    const seconds = ((performance.now() - begun) / 1000 / noises.length).toFixed(1);
    console.log(`  ${scenario.name} (${goal})`.padEnd(39) + shares.map((share) => share.padStart(15)).join("") + `   ${seconds} s a cell`);
  }
}
