import { describe, expect, it } from "vitest";
import { noises } from "../../../../bench/window-noise.ts";
import { rolledBackShare, type Scenario, scenarios } from "../../../../bench/window-study.ts";

/** The hardest noise: AR(1), heavy tails, day effects and a trend. `npm run bench:windows` prints every cell of the table. */
const noise = noises.at(-1)!;
const seed = 11;
/** A hundred would tell 95 % from 97 by chance alone; those in which nothing is to be found are judged to their end, and take longer. */
const windowsOf = ({ want }: Scenario): number => (want.kind === "false" ? 200 : 400);

/** Where the requests are too few for it, whatever the method: docs/windows.md. */
const beyondPhysics = (requestsPerSecond: number, { name }: Scenario): boolean => requestsPerSecond < 50 && name.startsWith("errors") && name.includes(" in ");

const cells = [50, 2.5].flatMap((requestsPerSecond) =>
  scenarios
    .filter((scenario) => !beyondPhysics(requestsPerSecond, scenario))
    .map((scenario): [string, number, Scenario] => [`${scenario.name} at ${requestsPerSecond} requests/s`, requestsPerSecond, scenario]),
);

describe("windows rolled back", () => {
  it.each(cells)("%s", (_, requestsPerSecond, scenario) => {
    const share = rolledBackShare({ requestsPerSecond, noise }, scenario, windowsOf(scenario), seed);
    if (scenario.want.kind === "false") expect(share).toBeLessThanOrEqual(0.01);
    else expect(share).toBeGreaterThanOrEqual(0.95);
  });
});
