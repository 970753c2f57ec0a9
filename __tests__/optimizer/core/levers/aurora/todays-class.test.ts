import { describe, expect, it } from "vitest";
import { capacities } from "../../../../../contract/capacities.ts";
import { sinceTodaysClass } from "../../../../../optimizer/core/levers/aurora/todays-class.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import type { Series } from "../../../../../optimizer/core/sizing/series.ts";
import { aCluster, aMember, aWorld } from "../../../../support/world.ts";

const gib = 1024 ** 3;
const member = aMember("own", { role: "writer", instanceClass: "db.r6g.xlarge" });
const most = capacities.auroraLocalStorageGib("aurora-mysql", "db.r6g.xlarge") ?? Number.NaN;
const days = 14;
const hours = days * 24;

/** How many hours of the baseline count, where so much local storage was free in each. */
function counted(
  freeGib: (hour: number) => number,
  of: { readonly instanceClass?: string; readonly periodSeconds?: number; readonly values?: Float64Array } = {},
) {
  const { instanceClass = member.instanceClass, periodSeconds = 3600, values = new Float64Array((hours * 3600) / periodSeconds).fill(7) } = of;
  const cluster = aCluster({ engine: "aurora-mysql", members: [{ ...member, instanceClass }] });
  const world = aWorld()
    .policed({ baselineDays: days })
    .with(cluster)
    .sees(metrics.rdsFreeLocalStorage, "own", (hour) => freeGib(hour) * gib);
  const series: Series = { name: "CPU", keys: [], periodSeconds, values, whole: true };
  return sinceTodaysClass(world.facts(ruleOf("aurora.writer-class")), cluster, { ...member, instanceClass })(series);
}

/** Places that do not count. */
const left = ({ values }: Series): readonly number[] => [...values].flatMap((value, place) => (Number.isNaN(value) ? place : []));
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, place) => place);

describe("what was measured of a member since it has its class", () => {
  it("is all of it where no more local storage was ever free than the class has", () => {
    for (const series of [counted(() => most), counted(() => Number.NaN), counted(() => 0)]) {
      expect(left(series)).toEqual([]);
      expect(series.name).toBe("CPU");
    }
  });

  it.each([
    ["in the first hour", (hour: number) => (hour === 0 ? most + 1 : 1), 2],
    ["until the tenth", (hour: number) => (hour < 10 ? most + 1 : 1), 11],
    ["in one hour alone, with none known around it", (hour: number) => (hour === 20 ? most + 1 : Number.NaN), 22],
    ["until the last", (hour: number) => (hour === hours - 1 ? most + 1 : 1), hours],
  ])("is what comes after the hour behind the one in which more was free: %s", (_, freeGib, gone) => {
    const series = counted(freeGib);
    expect(left(series)).toEqual(upTo(gone));
    expect(series.values.slice(gone)).toEqual(new Float64Array(hours - gone).fill(7));
    expect(series.name).toBe("CPU since own is db.r6g.xlarge");
  });

  it("is told by the hour of points of any period", () => {
    expect(left(counted((hour) => (hour === 0 ? most + 1 : 1), { periodSeconds: 300 }))).toEqual(upTo(24));
  });

  it("is all of it of a class whose storage nobody knows, and nothing where nothing is", () => {
    expect(left(counted(() => 1e6, { instanceClass: "db.x9.huge" }))).toEqual([]);
    expect(counted((hour) => (hour === 0 ? most + 1 : 1), { values: new Float64Array(0) }).values).toHaveLength(0);
  });
});
