import { z } from "zod";

/**
 * The link between what runs in AWS and what the stacks say: sizing path → Terraform type and identifier.
 * A path is where `sizing/<suffix>/<stack>.json` keeps the component, e.g. `compute`, `tables.tenants` or
 * `aurora.instances.tap-prod-aurora-1`. It is the stacks' output `components` and holds nothing secret.
 */
export const componentsSchema = z.record(z.string().min(1), z.strictObject({ type: z.string().min(1), id: z.string().min(1) }));

export type Components = z.infer<typeof componentsSchema>;

/** Where several of a kind stand, each under a key of its own that may hold dots. */
export const keyedPaths = { service: "services.", function: "functions.", table: "tables.", auroraInstance: "aurora.instances." } as const;

/** Paths of the components of a stack, so that both sides spell them the same way. */
export const componentPath = {
  compute: "compute",
  aurora: "aurora",
  redis: "redis",
  rds: "rds",
  dataBucket: "dataBucket",
  service: (key: string): string => `${keyedPaths.service}${key}`,
  function: (key: string): string => `${keyedPaths.function}${key}`,
  table: (key: string): string => `${keyedPaths.table}${key}`,
  auroraInstance: (identifier: string): string => `${keyedPaths.auroraInstance}${identifier}`,
} as const;
