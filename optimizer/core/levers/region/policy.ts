import { z } from "zod";

/** `rules.regionRemoveSecondary` of the policy. */
export const removeSecondaryPolicy = z.strictObject({
  /** Whether a secondary region has to be there to take over. Only where nobody needs that is anything said of removing it. */
  failoverRequired: z.boolean().default(true),
});
