import { z } from "zod";

/**
 * The link between what runs in AWS and what the stacks say: sizing path → Terraform type and identifier.
 * A path is where `sizing/<suffix>/<stack>.json` keeps the component, e.g. `compute`, `tables.tenants` or
 * `aurora.instances.tap-prod-aurora-1`. It is the stacks' output `components` and holds nothing secret.
 */
export const componentsSchema = z.record(z.string().min(1), z.strictObject({ type: z.string().min(1), id: z.string().min(1) }));

export type Components = z.infer<typeof componentsSchema>;

/** Paths of the components of a stack, so that both sides spell them the same way. */
export const componentPath = {
  compute: "compute",
  aurora: "aurora",
  redis: "redis",
  rds: "rds",
  dataBucket: "dataBucket",
  service: (key: string): string => `services.${key}`,
  function: (key: string): string => `functions.${key}`,
  table: (key: string): string => `tables.${key}`,
  auroraInstance: (identifier: string): string => `aurora.instances.${identifier}`,
} as const;
