import { Fault } from "../../errors.ts";
import { anything, arnsOf, type ArnPlace, type Named } from "./resource-arns.ts";
import { type ArnType, resourceLevels } from "./resource-level.ts";

/** A statement of IAM (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html). */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: "*" | readonly string[];
  readonly Condition?: Readonly<Record<"StringEquals", Readonly<Record<string, readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** An action, what a statement allows it on, and why where that is everything. */
export interface Grant {
  readonly action: string;
  readonly resources: "*" | readonly string[];
  readonly why?: string;
}

/** IAM refuses managed policies of more characters, white space aside (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
export const mostPolicyCharacters = 6_144;

/**
 * Each action on what it is asked of, by region. An action whose kind of resource the outputs do not name is left out. Without outputs (`named`
 * empty) it is on any resource of its kind.
 */
export function grantsOf(actions: readonly string[], place: ArnPlace, named: readonly Named[]): readonly Grant[] {
  const regions = named.length === 0 ? [anything] : named;
  return actions.flatMap((action): readonly Grant[] => {
    const level = resourceLevels[action];
    if (level === undefined) throw new Fault(`what IAM lets a statement on ${action} name is not known (core/permissions/resource-level.ts)`);
    if ("everything" in level) return [{ action, resources: "*", why: level.everything }];
    const resources = arnsOfAll(level, place, regions);
    return resources.length === 0 ? [] : [{ action, resources }];
  });
}

function arnsOfAll(types: readonly ArnType[], place: ArnPlace, regions: readonly Named[]): readonly string[] {
  return [...new Set(regions.flatMap((region) => types.flatMap((type) => arnsOf(type, place, region))))];
}

/** One statement for all actions on the same resources. */
export function policyDocument(name: string, grants: readonly Grant[]): PolicyDocument {
  const groups = new Map<string, { readonly grant: Grant; readonly actions: string[] }>();
  for (const grant of grants) {
    const key = JSON.stringify([grant.resources, conditionOf(grant, grants)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { grant, actions: [grant.action] });
    else group.actions.push(grant.action);
  }
  const statements = [...groups.values()].map(({ grant, actions }, at): Statement => {
    const condition = conditionOf(grant, grants);
    return {
      Sid: `${name}${at + 1}`,
      Effect: "Allow",
      Action: actions,
      Resource: grant.resources,
      ...(condition === undefined ? {} : { Condition: condition }),
    };
  });
  return { Version: "2012-10-17", Statement: statements };
}

/** Whom roles are passed to, by the action that passes them on. */
const passedBy: readonly (readonly [action: string, service: string])[] = [
  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
  ["ec2:RunInstances", "ec2.amazonaws.com"],
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
  ["ecs:RegisterTaskDefinition", "ecs-tasks.amazonaws.com"],
  // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Monitoring.OS.Enabling.html
  ["rds:CreateDBInstance", "monitoring.rds.amazonaws.com"],
];

/** Roles go to the services that need them, and tags come with what is made, alone. */
function conditionOf({ action }: Grant, grants: readonly Grant[]): Statement["Condition"] {
  switch (action) {
    case "iam:PassRole":
      return {
        StringEquals: { "iam:PassedToService": passedBy.flatMap(([by, service]) => (grants.some((grant) => grant.action === by) ? [service] : [])) },
      };
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
    case "ec2:CreateTags":
      return { StringEquals: { "ec2:CreateAction": ["RunInstances"] } };
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
    case "ecs:TagResource":
      return { StringEquals: { "ecs:CreateAction": ["RegisterTaskDefinition"] } };
    default:
      return undefined;
  }
}
