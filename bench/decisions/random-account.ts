import { readFileSync } from "node:fs";
import { emptySizing, type Sizing } from "../../contract/sizing.ts";
import { extendedScenario } from "../../simulation/scenario/extend.ts";
import type { Scenario } from "../../simulation/scenario/scenario.ts";
import { parseScenario } from "../../simulation/scenario/schema.ts";
import type { BlueprintName } from "../../stacks/settings/settings-schema.ts";
import { saasDocument } from "./accounts/saas.ts";
import { type Shape, shapes } from "./accounts/shapes.ts";
import { streamingDocument } from "./accounts/streaming.ts";
import { webDocument, webSizing } from "./accounts/web.ts";
import { type Draw, drawer, oneOf } from "./draw.ts";

/** An account that nobody drew by hand: what is special about its load, and the load itself. */
export interface RandomAccount {
  readonly index: number;
  readonly shape: Shape;
  readonly blueprint: BlueprintName;
  /** The sizing of its primary stack. */
  readonly sizing: Sizing;
  /** What extends a bundled scenario, as a scenario file would say it: enough to have the account again. */
  readonly document: object;
  readonly scenario: Scenario;
}

const scenarios = new URL("../../simulation/scenarios/", import.meta.url);
/** Half of them have the blueprint with most to decide about. */
const blueprints = ["saas", "saas", "saas", "streaming", "streaming", "web"] as const;

interface Kind {
  readonly documentOf: (draw: Draw, shape: Shape) => object;
  readonly sizingOf: (draw: Draw) => Sizing;
}

const kinds: Readonly<Record<BlueprintName, Kind>> = {
  saas: { documentOf: saasDocument, sizingOf: () => emptySizing },
  streaming: { documentOf: streamingDocument, sizingOf: () => emptySizing },
  web: { documentOf: webDocument, sizingOf: webSizing },
};

/** The account of that number. */
export async function randomAccount(seed: number, index: number): Promise<RandomAccount> {
  const draw = drawer(seed, index);
  const shape = oneOf(draw("shape"), shapes);
  const blueprint = oneOf(draw("blueprint"), blueprints);
  const kind = kinds[blueprint];
  const document = {
    ...kind.documentOf(draw, shape),
    name: `account ${index}: ${shape}`,
    seed: seed + index,
    start: new Date(Date.UTC(2026, 5, 1) + Math.floor(draw("hour of planning") * 168) * 3_600_000).toISOString(),
    historyDays: 61,
  };
  const first = { document, place: "bench" };
  const merged = await extendedScenario(first, async (name) => ({
    document: JSON.parse(readFileSync(new URL(name.endsWith(".json") ? name : `${name}.json`, scenarios), "utf8")) as unknown,
    place: name,
  }));
  return { index, shape, blueprint, sizing: kind.sizingOf(draw), document, scenario: parseScenario(merged, `account ${index}`) };
}
