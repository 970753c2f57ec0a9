import { type Deployments, nothingNamed } from "../../optimizer/core/model/deployment.ts";

/** One region with one component, as outputs of a stack name it. */
export function sampleDeployments(environmentSuffix: string | undefined, stack: string): Deployments {
  return {
    deployments: [
      {
        region: "us-east-1",
        ...nothingNamed,
        stacks: [stack],
        ...(environmentSuffix === undefined ? {} : { environmentSuffix }),
        components: { [stack]: { compute: { type: "aws_autoscaling_group", id: "g" } } },
      },
    ],
    missing: [],
    warnings: [],
  };
}
