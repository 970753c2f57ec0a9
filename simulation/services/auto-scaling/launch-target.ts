import type { LaunchTemplateSpecification } from "@aws-sdk/client-auto-scaling";
import type { AccountState } from "../../account/state.ts";
import { NotSimulated } from "../../account/not-simulated.ts";
import type { MutationContext } from "../../account/service.ts";
import { launchTemplates, resolveVersion } from "../../shared/launch-template.ts";
import { errors, type AutoScalingGroup, type GroupSettings } from "./group.ts";

interface LaunchTarget {
  readonly instanceType: string;
  readonly launchTemplateVersion: number;
}

/** The version and type that new instances of the group start with. Throws `ValidationError` where there are none. */
export function launchTarget(...asked: Parameters<typeof launchTargetIn>): LaunchTarget {
  const target = launchTargetIn(...asked);
  if (target === undefined) throw errors.refuse("ValidationError", `The launch template of '${asked[0].name}' names no instance type`);
  return target;
}

/** The same; undefined where its template or the version of it was deleted: then it starts none, and AWS tells so in its activities alone. */
export function launchTargetIn(
  group: AutoScalingGroup,
  settings: Pick<GroupSettings, "launchTemplateVersion">,
  state: AccountState,
  atMs: number,
): LaunchTarget | undefined {
  const template = state.of(launchTemplates).get(group.region, group.launchTemplateId);
  const version = template && resolveVersion(template, settings.launchTemplateVersion, atMs);
  if (version?.data.InstanceType === undefined) return undefined;
  return { instanceType: version.data.InstanceType, launchTemplateVersion: version.number };
}

/** The version a request names, of the template the group has already. Throws `ValidationError` when there is no such version. */
export function existingVersion(wanted: LaunchTemplateSpecification, group: AutoScalingGroup, { state, region, nowMs }: MutationContext, call: string): string {
  const template = state
    .of(launchTemplates)
    .in(region)
    .find((candidate) => candidate.id === wanted.LaunchTemplateId || candidate.name === wanted.LaunchTemplateName);
  const version = wanted.Version ?? "$Default";
  if (template === undefined || resolveVersion(template, version, nowMs) === undefined) {
    throw errors.refuse("ValidationError", "You must use a valid fully-formed launch template. The specified launch template or version does not exist.");
  }
  if (template.id !== group.launchTemplateId) throw new NotSimulated(`${call} to another launch template`);
  return version;
}
