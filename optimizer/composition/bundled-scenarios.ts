import { z } from "zod";

/** Scenarios that come with the package, by name; each is loaded when asked for. */
const bundled: Readonly<Record<string, () => Promise<{ readonly default: unknown }>>> = {
  story: () => import("../../simulation/scenarios/story.json", { with: { type: "json" } }),
  streaming: () => import("../../simulation/scenarios/streaming.json", { with: { type: "json" } }),
  web: () => import("../../simulation/scenarios/web.json", { with: { type: "json" } }),
  healthy: () => import("../../simulation/scenarios/healthy.json", { with: { type: "json" } }),
};

/** The document of a scenario that comes with the package; `undefined` for any other name. */
export async function bundledScenario(name: string): Promise<unknown> {
  const load = Object.hasOwn(bundled, name) ? bundled[name] : undefined;
  return load === undefined ? undefined : (await load()).default;
}

export function bundledScenarioNames(): readonly string[] {
  return Object.keys(bundled);
}

const shownSchema = z.object({ name: z.string(), notes: z.array(z.string()) });

/** Read without the scenario's whole schema, which every simulated service adds to and brings its SDK client for. */
export async function bundledScenarios(): Promise<readonly { readonly name: string; readonly notes: readonly string[] }[]> {
  return Promise.all(Object.values(bundled).map(async (load) => shownSchema.parse((await load()).default)));
}
