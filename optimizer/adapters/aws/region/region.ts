import type { Region } from "../../../core/levers/region/region.ts";
import type { ResourceAdapter } from "../service-adapters.ts";

/** A region is what the outputs say of it: AWS describes the things in it, not the region, and is asked nothing here. */
export const regionAdapter: ResourceAdapter<Region> = {
  // Plans of older releases say no role: their regions are described as they were then, so that nothing is new in them.
  idsOf: ({ region, role }) => (role === "secondary" ? [region] : []),
  describe: async (_clients, region, id, _once, { stacks, environmentSuffix, targetGroups, components }) => ({
    kind: "region",
    ref: { kind: "region", region, id },
    arn: "",
    tags: { kind: "tags", tags: {} },
    stacks,
    ...(environmentSuffix === undefined ? {} : { environmentSuffix }),
    targetGroups,
    components,
  }),
  tagsOf: async () => [],
  bornOf: { notTold: "a region is nobody's to make" },
};
