import { nearest } from "../../../contract/nearest.ts";
import type { Inventory } from "../levers/resource-kinds.ts";
import type { Policy } from "../model/policy.ts";

/** Of the policy's `rules.askingShares`, those that name no Aurora cluster of the inventory: one policy may serve several accounts, so that they are no error. */
export function unusedShares({ resources }: Inventory, { rules }: Policy): readonly string[] {
  const clusters = resources.flatMap(({ kind, ref }) => (kind === "aurora-cluster" ? [ref.id] : []));
  return Object.keys(rules.askingShares)
    .filter((name) => !clusters.includes(name))
    .map((name) => {
      const near = nearest(name, clusters);
      return `rules.askingShares of the policy: ${name}: no Aurora cluster of the outputs has that identifier${near === undefined ? "" : `; did you mean ${near}?`}`;
    });
}
