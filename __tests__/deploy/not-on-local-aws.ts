import { readFileSync } from "node:fs";
import { z } from "zod";

const entrySchema = z.strictObject({
  /** Of Terraform resources. */
  types: z.array(z.string()).min(1),
  /** What the local AWS server does not show of them. */
  not: z.string().min(1),
  reason: z.string().min(1),
  /** Runs of `terraform test`: `<blueprint>/<stack>: <run>`. */
  provenBy: z.array(z.string().regex(/^\w+\/\w+: \w+$/)).min(1),
});

export type NotOnLocalAws = z.infer<typeof entrySchema>;

export const notOnLocalAws: readonly NotOnLocalAws[] = z
  .array(entrySchema)
  .parse(JSON.parse(readFileSync(new URL("not-on-local-aws.json", import.meta.url), "utf8")));

export function notOnLocalAwsList(entries: readonly NotOnLocalAws[]): string {
  const lines = entries.map(({ types, not, reason }) => `- ${types.join(", ")}: ${not}. ${reason}`);
  return ["Not shown on the local AWS server, but planned as it should be (terraform test):", ...lines].join("\n");
}
