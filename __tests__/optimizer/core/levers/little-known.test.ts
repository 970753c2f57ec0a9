/** What holds of every rule's decisions where AWS's figures are not known: tried on an account for which each of them proposes something. */
import { describe, expect, it } from "vitest";
import { type Capacities, capacities } from "../../../../contract/capacities.ts";
import { rules } from "../../../../optimizer/core/levers/rules.ts";
import type { Decision, PriceBook, Rule } from "../../../../optimizer/core/model/rule.ts";
import { oncePer } from "../../../../optimizer/core/model/once.ts";
import type { Resource } from "../../../../optimizer/core/levers/resource-kinds.ts";
import type { ResourceKind } from "../../../../optimizer/core/model/resource-ref.ts";
import { decideAll } from "../../../../optimizer/core/planning/decide-all.ts";
import { account } from "../../../support/account-of-every-rule.ts";
import { bolder } from "../../../support/bolder.ts";
import type { World } from "../../../support/world.ts";

const world = account(14);
const literal = account(14).policed({ baselineDays: 14, rules: { decision: "literal" } });

function rulesOn(kinds: readonly ResourceKind[]): readonly Rule[] {
  return rules.filter(({ resourceKind }) => kinds.includes(resourceKind));
}

function decided(of: World, asked: readonly Rule[]): readonly Decision[] {
  return decideAll(asked, of.facts(asked));
}

/** What the rules on these kinds decide with all that is known. */
const asItIs = oncePer((of: World) => oncePer((kinds: readonly ResourceKind[]) => decided(of, rulesOn(kinds))));

const groups: readonly ResourceKind[] = ["auto-scaling-group"];
const databases: readonly ResourceKind[] = ["rds-instance", "aurora-cluster"];
const caches: readonly ResourceKind[] = ["redis-replication-group"];

/** What a type can do, with the kinds of resources that it is asked of. */
const asked: Readonly<Partial<Record<keyof Capacities, readonly ResourceKind[]>>> = {
  ec2: groups,
  ec2Family: groups,
  rds: databases,
  rdsHost: databases,
  rdsFamily: databases,
  rdsMysqlMaxConnections: databases,
  auroraMaxConnections: databases,
  auroraLocalStorageGib: databases,
  auroraServerlessMaxConnections: databases,
  redis: caches,
  redisFamily: caches,
};
const today = ["m5.4xlarge", "db.r6g.4xlarge", "cache.r6g.4xlarge"];

/** With one figure not known of any type, or of the types alone that something would become. */
function without(name: keyof Capacities, isOfTodayKnown: boolean): Capacities {
  const known = capacities[name] as (...of: readonly unknown[]) => unknown;
  const none = name.endsWith("Family") ? [] : undefined;
  const partly = (...of: readonly unknown[]): unknown => (isOfTodayKnown && of.some((each) => today.includes(String(each))) ? known(...of) : none);
  return { ...capacities, [name]: partly };
}

describe("every rule, where AWS does not say what types can do", () => {
  it.each(Object.entries(asked).flatMap(([name, kinds]) => [true, false].map((isOfTodayKnown) => [name, isOfTodayKnown, kinds] as const)))(
    "is not bolder without %s (of today's types known: %s), with room left or by its limits alone",
    (name, isOfTodayKnown, kinds) => {
      for (const of of [world, literal])
        expect(bolder(asItIs(of)(kinds), decided(of.offered(without(name as keyof Capacities, isOfTodayKnown)), rulesOn(kinds)))).toEqual([]);
    },
  );
});

type Price = Exclude<keyof PriceBook, "source" | "asOf" | "hash" | "costExplorerRequest">;

/** The rules whose saving is at these prices. */
const priced: Readonly<Partial<Record<Price, readonly ResourceKind[]>>> = {
  ec2Hourly: groups,
  auroraHourly: databases,
  auroraAcuHourly: databases,
  rdsHourly: databases,
  redisHourly: caches,
  dynamoDb: ["dynamodb-table"],
  s3: ["s3-bucket"],
  lambda: ["lambda-function"],
  fargate: ["ecs-service"],
};

describe("every rule, where a price is not known", () => {
  it.each(Object.entries(priced))("claims no more without %s, and no dollars by halves of it", (name, kinds) => {
    const before = asItIs(world)(kinds);
    const after = decided(world.priced({ [name]: () => null }), rulesOn(kinds));
    expect(bolder(before, after)).toEqual([]);
    for (const decision of after) {
      if (decision.kind !== "proposal" || decision.savings.kind === "unknown") continue;
      const was = before.find((each) => each.kind === "proposal" && each.action.id === decision.action.id);
      const usd = was?.kind === "proposal" && was.savings.kind !== "unknown" ? was.savings.usd : 0;
      expect(decision.savings.usd, decision.action.id).toBeLessThanOrEqual(usd + 1e-6);
    }
  });
});

describe("a resource of a plan of an older release", () => {
  it("rests on no sizes before today's where it says nothing of them", () => {
    const older = world.inventory.resources.map((resource) => Object.assign({}, resource, { sizesBefore: undefined }) as Resource);
    const told = rules.flatMap((rule) => older.filter(({ kind }) => kind === rule.resourceKind).map((resource) => rule.restsOn(resource)));
    const before = told.filter((values) => Object.hasOwn(values, "sizesBefore")).map((values) => values["sizesBefore"]);
    expect(before.length).toBeGreaterThan(3);
    expect(new Set(before)).toEqual(new Set([null]));
  });
});
