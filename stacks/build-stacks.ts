import type { App } from "cdktf";
import { RegionalStack } from "./regional-stack.ts";
import type { Settings } from "./settings/settings-model.ts";

/** One stack a region. Dependencies go one way: each secondary reads what the primary owns, the primary knows none of them. */
export function buildStacks(app: App, settings: Settings): readonly RegionalStack[] {
  const stacks: RegionalStack[] = [];
  for (const stack of settings.stacks) {
    const [primary] = stacks;
    const built = new RegionalStack(app, { settings, stack, ...(primary === undefined ? {} : { fromPrimary: primary.globals }) });
    if (primary !== undefined) built.addDependency(primary);
    stacks.push(built);
  }
  return stacks;
}
