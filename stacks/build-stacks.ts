import type { App } from "cdktf";
import { RegionalStack } from "./regional-stack.ts";
import type { Settings } from "./settings/settings-model.ts";

/** One stack a region. Dependencies go one way: each secondary reads what the primary owns, the primary knows none of them. */
export function buildStacks(app: App, settings: Settings): readonly RegionalStack[] {
  const [first, ...others] = settings.stacks;
  if (first === undefined) return [];
  const primary = new RegionalStack(app, { settings, stack: first });
  const secondaries = others.map((stack) => {
    const secondary = new RegionalStack(app, { settings, stack, fromPrimary: primary.globals });
    secondary.addDependency(primary);
    return secondary;
  });
  return [primary, ...secondaries];
}
