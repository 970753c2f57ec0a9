import type { DeleteLaunchTemplateCommandInput, DeleteLaunchTemplateCommandOutput } from "@aws-sdk/client-ec2";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { latestNumberAt } from "../../shared/launch-template.ts";
import { templateOf } from "./describe-launch-templates.ts";

/** With all of its versions. Nobody is asked whether a group launches from it. */
export function deleteLaunchTemplate(input: DeleteLaunchTemplateCommandInput, context: MutationContext): () => Answer<DeleteLaunchTemplateCommandOutput> {
  refuseUnmodelled("DeleteLaunchTemplate", input, ["LaunchTemplateId", "LaunchTemplateName"]);
  const template = templateOf(input, context);
  const { id, name, defaultVersion } = template;
  const LatestVersionNumber = latestNumberAt(template, context.nowMs);
  return () => {
    template.deletedMs = context.nowMs;
    return { LaunchTemplate: { LaunchTemplateId: id, LaunchTemplateName: name, DefaultVersionNumber: defaultVersion, LatestVersionNumber } };
  };
}
