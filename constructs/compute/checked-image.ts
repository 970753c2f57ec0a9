import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami/index.js";
import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter/index.js";
import type { Construct } from "constructs";
import type { Architecture, MachineImage } from "./fleet-application.ts";

/**
 * Asks AWS, at each plan, whether an image of the user's is there and of which architecture it is. What is not so ends the plan: an
 * instance would not start, or a group would replace good instances with such that never do.
 */
export function checkedImage(scope: Construct, id: string, image: MachineImage, architecture: Architecture): void {
  const imageId = image.kind === "id" ? image.id : new DataAwsSsmParameter(scope, `${id}-parameter`, { name: image.name }).value;
  new DataAwsAmi(scope, id, {
    filter: [{ name: "image-id", values: [imageId] }],
    includeDeprecated: true,
    lifecycle: {
      postcondition: [
        {
          condition: `\${self.architecture == "${architecture}"}`,
          errorMessage: `The image is not of ${architecture}: choose an instance type of its architecture, and say amiArchitecture.`,
        },
      ],
    },
  });
}
