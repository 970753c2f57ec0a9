import type { Deployments } from "../model/deployment.ts";

/** Region of the stack that owns global tables and databases: the first one named `primary`, else the first region. */
export function ownerRegionOf({ deployments }: Deployments): string | undefined {
  return (deployments.find(({ stacks }) => stacks.includes("primary")) ?? deployments[0])?.region;
}
