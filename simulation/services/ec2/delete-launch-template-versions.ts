import type {
  DeleteLaunchTemplateVersionsCommandInput,
  DeleteLaunchTemplateVersionsCommandOutput,
  DeleteLaunchTemplateVersionsResponseErrorItem,
} from "@aws-sdk/client-ec2";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { errors, templateOf } from "./describe-launch-templates.ts";
import { resolveVersion, type LaunchTemplate } from "../../shared/launch-template.ts";

const mostVersions = 200;

/** What can be deleted is, what cannot is told item by item: the default version stays. Nobody is asked whether a group launches from a version. */
export function deleteLaunchTemplateVersions(
  input: DeleteLaunchTemplateVersionsCommandInput,
  context: MutationContext,
): () => Answer<DeleteLaunchTemplateVersionsCommandOutput> {
  refuseUnmodelled("DeleteLaunchTemplateVersions", input, ["LaunchTemplateId", "LaunchTemplateName", "Versions"]);
  const template = templateOf(input, context);
  const { Versions: asked = [] } = input;
  if (asked.length === 0) throw errors.refuse("MissingParameter", "The request must contain the parameter LaunchTemplateVersion");
  if (asked.length > mostVersions) throw errors.refuse("InvalidParameterValue", `At most ${mostVersions} versions can be deleted at once.`);
  const found = asked.map((version) => ({ version, own: resolveVersion(template, String(Number(version)), context.nowMs) }));
  return () => {
    const kept: DeleteLaunchTemplateVersionsResponseErrorItem[] = [];
    const deleted = found.flatMap(({ version, own }) => {
      const refusal = refusalOf(template, own?.number);
      if (own !== undefined && refusal === undefined) {
        own.deletedMs = context.nowMs;
        return [{ ...itemOf(template), VersionNumber: own.number }];
      }
      kept.push({ ...itemOf(template), VersionNumber: Number(version), ...(refusal === undefined ? {} : { ResponseError: refusal }) });
      return [];
    });
    return { SuccessfullyDeletedLaunchTemplateVersions: deleted, UnsuccessfullyDeletedLaunchTemplateVersions: kept };
  };
}

function refusalOf({ id, defaultVersion }: LaunchTemplate, number: number | undefined): DeleteLaunchTemplateVersionsResponseErrorItem["ResponseError"] {
  if (number === undefined) return { Code: "launchTemplateVersionDoesNotExist", Message: `The version does not exist in launch template ${id}.` };
  // AWS says that it does not delete it, and not under which of its codes.
  return number === defaultVersion ? { Code: "unexpectedError", Message: "Cannot delete the default version of a launch template." } : undefined;
}

function itemOf({ id, name }: LaunchTemplate): { readonly LaunchTemplateId: string; readonly LaunchTemplateName: string } {
  return { LaunchTemplateId: id, LaunchTemplateName: name };
}
