import {
  EC2ServiceException,
  type DescribeLaunchTemplatesCommandInput,
  type DescribeLaunchTemplatesCommandOutput,
  type DescribeLaunchTemplateVersionsCommandInput,
  type DescribeLaunchTemplateVersionsCommandOutput,
  type LaunchTemplateVersion as VersionDescription,
} from "@aws-sdk/client-ec2";
import { freezeThrough } from "../../../contract/frozen.ts";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { pageOf } from "../../account/page.ts";
import { serviceErrors } from "../../account/service-error.ts";
import {
  isDeleted,
  latestNumberAt,
  launchTemplates,
  resolveVersion,
  versionsAt,
  type LaunchTemplate,
  type LaunchTemplateVersion,
} from "../../shared/launch-template.ts";

export const errors = serviceErrors(EC2ServiceException, "ec2");

export function describeLaunchTemplates(input: DescribeLaunchTemplatesCommandInput, context: CallContext): Answer<DescribeLaunchTemplatesCommandOutput> {
  refuseUnmodelled("DescribeLaunchTemplates", input, ["LaunchTemplateIds", "LaunchTemplateNames"]);
  const { state, region, nowMs } = context;
  const wanted = [...(input.LaunchTemplateIds ?? []).map((id) => ({ id })), ...(input.LaunchTemplateNames ?? []).map((name) => ({ name }))];
  const found =
    wanted.length === 0
      ? state
          .of(launchTemplates)
          .in(region)
          .filter((template) => !isDeleted(template, nowMs))
      : wanted.map((identity) => templateBy(identity, context));
  return {
    LaunchTemplates: found.map((template) => ({
      LaunchTemplateId: template.id,
      LaunchTemplateName: template.name,
      CreateTime: new Date(state.bornMs),
      DefaultVersionNumber: template.defaultVersion,
      LatestVersionNumber: latestNumberAt(template, nowMs),
      Tags: Object.entries(template.tags).map(([Key, Value]) => ({ Key, Value })),
    })),
  };
}

export function describeLaunchTemplateVersions(
  input: DescribeLaunchTemplateVersionsCommandInput,
  context: CallContext,
): Answer<DescribeLaunchTemplateVersionsCommandOutput> {
  refuseUnmodelled("DescribeLaunchTemplateVersions", input, [
    "LaunchTemplateId",
    "LaunchTemplateName",
    "Versions",
    "MinVersion",
    "MaxVersion",
    "NextToken",
    "MaxResults",
  ]);
  const template = templateOf(input, context);
  const existing = versionsAt(template, context.nowMs);
  const wanted = input.Versions ?? [];
  const chosen = wanted.length === 0 ? newestFirst(existing, input) : wanted.map((version) => versionOf(template, version, context.nowMs));
  const page = pageOf(chosen, input.NextToken, input.MaxResults ?? 200);
  if (page === undefined) throw errors.refuse("InvalidNextToken", "The token is not valid");
  return {
    LaunchTemplateVersions: page.items.map((version) => describeVersion(template, version)),
    ...(page.next === undefined ? {} : { NextToken: page.next }),
  };
}

/** By id or name, one of both. Throws EC2's own errors. */
export function templateOf(
  input: { readonly LaunchTemplateId?: string | undefined; readonly LaunchTemplateName?: string | undefined },
  context: CallContext,
): LaunchTemplate {
  if (input.LaunchTemplateId !== undefined && input.LaunchTemplateName !== undefined) {
    throw errors.refuse("InvalidParameterCombination", "Only one of LaunchTemplateId and LaunchTemplateName may be given");
  }
  const { LaunchTemplateId: id } = input;
  if (id !== undefined && !/^lt-[0-9a-f]+$/.test(id)) throw errors.refuse("InvalidLaunchTemplateId.Malformed", `Invalid id: "${id}"`);
  if (id !== undefined) return templateBy({ id }, context);
  if (input.LaunchTemplateName !== undefined) return templateBy({ name: input.LaunchTemplateName }, context);
  throw new NotSimulated("launch template versions of all templates at once");
}

function templateBy(identity: { readonly id?: string; readonly name?: string }, { state, region, nowMs }: CallContext): LaunchTemplate {
  const found = state
    .of(launchTemplates)
    .in(region)
    .find((template) => (template.id === identity.id || template.name === identity.name) && !isDeleted(template, nowMs));
  if (found !== undefined) return found;
  if (identity.id === undefined)
    throw errors.refuse(
      "InvalidLaunchTemplateName.NotFoundException",
      `The specified launch template, with template name ${identity.name ?? ""}, does not exist.`,
    );
  throw errors.refuse("InvalidLaunchTemplateId.NotFound", `The specified launch template, with template ID ${identity.id}, does not exist.`);
}

export function versionOf(template: LaunchTemplate, version: string, atMs: number): LaunchTemplateVersion {
  const found = resolveVersion(template, version, atMs);
  if (found === undefined) {
    throw errors.refuse(
      "InvalidLaunchTemplateId.VersionNotFound",
      `Could not find the specified version ${version} for the launch template with ID ${template.id}.`,
    );
  }
  return found;
}

export function describeVersion(template: LaunchTemplate, version: LaunchTemplateVersion): VersionDescription {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber: version.number,
    DefaultVersion: version.number === template.defaultVersion,
    CreateTime: new Date(version.createdMs),
    // The version's own, since it never changes.
    LaunchTemplateData: freezeThrough(version.data),
    ...(version.description === undefined ? {} : { VersionDescription: version.description }),
  };
}

function newestFirst(
  versions: readonly LaunchTemplateVersion[],
  { MinVersion, MaxVersion }: { readonly MinVersion?: string | undefined; readonly MaxVersion?: string | undefined },
): readonly LaunchTemplateVersion[] {
  return versions.filter((version) => version.number >= Number(MinVersion ?? 1) && version.number <= Number(MaxVersion ?? Infinity)).toReversed();
}
