import type { CreateLaunchTemplateVersionCommandInput, CreateLaunchTemplateVersionCommandOutput, ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import { canonicalJson } from "../../../contract/canonical-json.ts";
import { capacities } from "../../../contract/capacities.ts";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { describeVersion, errors, templateOf, versionOf } from "./describe-launch-templates.ts";
import { type LaunchTemplate, type LaunchTemplateVersion } from "../../shared/launch-template.ts";

/** A new version: the source version's data with what the request gives over it. The same client token gives the same version. */
export function createLaunchTemplateVersion(
  input: CreateLaunchTemplateVersionCommandInput,
  context: MutationContext,
): () => Answer<CreateLaunchTemplateVersionCommandOutput> {
  refuseUnmodelled("CreateLaunchTemplateVersion", input, [
    "LaunchTemplateId",
    "LaunchTemplateName",
    "SourceVersion",
    "VersionDescription",
    "LaunchTemplateData",
    "ClientToken",
  ]);
  const template = templateOf(input, context);
  const repeated = repeatedRequest(template, input);
  if (repeated !== undefined) return () => ({ LaunchTemplateVersion: describeVersion(template, repeated) });
  const source = input.SourceVersion === undefined ? undefined : versionOf(template, input.SourceVersion, context.nowMs);
  if (input.LaunchTemplateData === undefined) throw errors.refuse("MissingParameter", "The request must contain the parameter LaunchTemplateData");
  refuseUnmodelled("CreateLaunchTemplateVersion data", input.LaunchTemplateData, [
    "InstanceType",
    "ImageId",
    "UserData",
    "KeyName",
    "EbsOptimized",
    "Monitoring",
  ]);
  const instanceType = input.LaunchTemplateData.InstanceType;
  if (instanceType !== undefined && capacities.ec2(instanceType) === undefined) {
    throw errors.refuse("InvalidParameterValue", `The instance type ${instanceType} is not one this account knows.`);
  }
  const data: ResponseLaunchTemplateData = {
    ...structuredClone(source?.data ?? {}),
    ...structuredClone(input.LaunchTemplateData),
  };
  const version: LaunchTemplateVersion = {
    number: template.versions.length + 1,
    createdMs: context.nowMs,
    data,
    ...(input.VersionDescription === undefined ? {} : { description: input.VersionDescription }),
    ...(input.ClientToken === undefined ? {} : { token: { value: input.ClientToken, request: requestOf(input) } }),
  };
  return () => {
    template.versions.push(version);
    return { LaunchTemplateVersion: describeVersion(template, version) };
  };
}

function repeatedRequest(template: LaunchTemplate, input: CreateLaunchTemplateVersionCommandInput): LaunchTemplateVersion | undefined {
  const token = input.ClientToken;
  const earlier = token === undefined ? undefined : template.versions.find((version) => version.token?.value === token);
  if (earlier !== undefined && earlier.token?.request !== requestOf(input)) {
    throw errors.refuse("IdempotentParameterMismatch", "Client token already used before with different request parameters.");
  }
  return earlier;
}

function requestOf({ ClientToken: _token, ...request }: CreateLaunchTemplateVersionCommandInput): string {
  return canonicalJson(request);
}
