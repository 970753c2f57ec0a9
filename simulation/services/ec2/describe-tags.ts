import type { DescribeTagsCommandInput, DescribeTagsCommandOutput, Filter, TagDescription } from "@aws-sdk/client-ec2";
import type { AccountState } from "../../account/state.ts";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { foreignTags } from "../../terraform/tags.ts";
import { pageOf } from "../../account/page.ts";
import { fleets } from "../../shared/fleet.ts";
import { isDeleted, launchTemplates, resolveVersion } from "../../shared/launch-template.ts";
import { errors } from "./describe-launch-templates.ts";

/** Tags of launch templates and of the instances of groups; an id that does not exist just has none. */
export function describeTags(input: DescribeTagsCommandInput, context: CallContext): Answer<DescribeTagsCommandOutput> {
  refuseUnmodelled("EC2 DescribeTags", input, ["Filters", "MaxResults", "NextToken"]);
  const chosen = (input.Filters ?? []).reduce((left, filter) => left.filter((tag) => fits(tag, filter)), [...templateTags(context), ...instanceTags(context)]);
  const page = pageOf(chosen, input.NextToken, input.MaxResults ?? 1000);
  if (page === undefined) throw errors.refuse("InvalidNextToken", "The token is not valid");
  return { Tags: [...page.items], ...(page.next === undefined ? {} : { NextToken: page.next }) };
}

function templateTags({ state, region, nowMs }: CallContext): TagDescription[] {
  return state
    .of(launchTemplates)
    .in(region)
    .filter((template) => !isDeleted(template, nowMs))
    .flatMap((template) => described(template.id, "launch-template", template.tags));
}

/** An instance carries its template version's tags for instances and what its group propagates; a foreign hand may add others. */
function instanceTags({ state, scenario, region, nowMs }: CallContext): TagDescription[] {
  return state
    .of(fleets)
    .in(region)
    .flatMap((group) => {
      const propagated = Object.fromEntries(Object.entries(group.tags).filter(([key]) => group.tagsAtLaunch[key] === true));
      return (group.instances.at(nowMs) ?? []).flatMap((instance) => {
        const ofTemplate = templateInstanceTags(state, region, group.launchTemplateId, instance.launchTemplateVersion, nowMs);
        const ofGroup = { ...ofTemplate, ...propagated, "aws:autoscaling:groupName": group.name };
        return described(instance.id, "instance", { ...ofGroup, ...foreignTags(scenario, region, [instance.id]) });
      });
    });
}

function templateInstanceTags(state: AccountState, region: string, id: string, version: number, atMs: number): Record<string, string> {
  const template = state.of(launchTemplates).get(region, id);
  const data = template && resolveVersion(template, String(version), atMs)?.data;
  const tags = (data?.TagSpecifications ?? []).flatMap((specification) => (specification.ResourceType === "instance" ? (specification.Tags ?? []) : []));
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

function described(id: string, type: "instance" | "launch-template", tags: Readonly<Record<string, string>>): TagDescription[] {
  return Object.entries(tags).map(([Key, Value]) => ({ ResourceId: id, ResourceType: type, Key, Value }));
}

function fits(tag: TagDescription, filter: Filter): boolean {
  const values = filter.Values ?? [];
  switch (filter.Name ?? "") {
    case "resource-id":
      return values.includes(tag.ResourceId ?? "");
    case "resource-type":
      return values.includes(tag.ResourceType ?? "");
    case "key":
      return values.includes(tag.Key ?? "");
    case "value":
      return values.includes(tag.Value ?? "");
    default:
      throw new NotSimulated(`EC2 DescribeTags by ${filter.Name ?? "no name"}`);
  }
}
