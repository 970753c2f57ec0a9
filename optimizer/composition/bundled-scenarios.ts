import { type Scenario, scenarioSchema } from "../../simulation/scenario.ts";

/** Scenarios that come with the package, by name; each is loaded when asked for. */
const bundled: Readonly<Record<string, () => Promise<{ readonly default: unknown }>>> = {
  story: () => import("../../simulation/scenarios/story.json", { with: { type: "json" } }),
};

export async function bundledScenario(name: string): Promise<Scenario | undefined> {
  const load = Object.hasOwn(bundled, name) ? bundled[name] : undefined;
  return load === undefined ? undefined : scenarioSchema.parse((await load()).default);
}

export function bundledScenarioNames(): readonly string[] {
  return Object.keys(bundled);
}

export async function bundledScenarios(): Promise<readonly { readonly name: string; readonly notes: readonly string[] }[]> {
  const scenarios = await Promise.all(Object.values(bundled).map(async (load) => scenarioSchema.parse((await load()).default)));
  return scenarios.map(({ name, notes }) => ({ name, notes }));
}
