import type { Components } from "../../../../contract/components.ts";
import type { Described } from "../../model/resource-ref.ts";
import type { ResourceFacts } from "../resource-facts.ts";

/**
 * A secondary region of a deployment as a whole: what the outputs name there. What AWS tells of each thing in it stands in the inventory, under
 * that thing's own kind.
 */
export interface Region extends Described {
  readonly kind: "region";
  /** Terraform stacks whose outputs are of this region. */
  readonly stacks: readonly string[];
  readonly environmentSuffix?: string;
  /** `targetgroup/<name>/<id>` that the outputs name. */
  readonly targetGroups: readonly string[];
  /** Sizing path → {type, id} by stack. */
  readonly components: Readonly<Record<string, Components>>;
}

export const regionFacts: ResourceFacts<Region> = {
  word: "region",
  partWord: "",
  // AWS keeps no tags of a region; those of what is in it are read with each thing.
  tags: () => [],
  restsOnAlways: () => ({}),
  form: () => ({}),
  otherZones: () => "a region has no size of its own",
};
