import type { SizingChange } from "../model/action.ts";
import type { Deployments } from "../model/deployment.ts";

export interface ComponentPlace {
  readonly stack: string;
  readonly suffix: string;
  readonly path: string;
}

/**
 * Where the stacks keep the size of a resource: looked up by Terraform type and id in the output `components` of the stacks of
 * that region (equal names exist in every region). `undefined` for outputs that our stacks did not write.
 */
export function locateComponent(deployments: Deployments, region: string, change: SizingChange): ComponentPlace | undefined {
  for (const deployment of deployments.deployments) {
    if (deployment.region !== region || deployment.environmentSuffix === undefined) continue;
    for (const [stack, components] of Object.entries(deployment.components)) {
      for (const [path, component] of Object.entries(components)) {
        if (component.type === change.type && component.id === change.id) return { stack, suffix: deployment.environmentSuffix, path };
      }
    }
  }
  return undefined;
}
