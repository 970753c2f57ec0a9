import { type Deployment, nothingNamed } from "../../optimizer/core/model/deployment.ts";

/** A region whose outputs name nothing but what a test adds. */
export function emptyDeployment(region: string, parts: Partial<Omit<Deployment, "region">> = {}): Deployment {
  return { region, ...nothingNamed, ...parts };
}
