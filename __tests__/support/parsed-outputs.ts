import { UserError } from "../../contract/user-error.ts";
import { parseOutputs, type ParseOptions } from "../../optimizer/adapters/terraform-outputs/parse-outputs.ts";
import type { Deployments } from "../../optimizer/core/model/deployment.ts";

export const account = "123456789012";

/** What outputs say, given as the value their JSON would have, or as the text itself. */
export function parsed(outputs: unknown, options: ParseOptions = {}): Deployments {
  return parseOutputs([{ source: "outputs.json", text: typeof outputs === "string" ? outputs : JSON.stringify(outputs) }], options);
}

/** `eu-west-1: asg web, table users`: regions with what they hold, and nothing of what they do not. */
export function held({ deployments }: Deployments): readonly string[] {
  return deployments.map((deployment) => {
    const parts = [
      ...deployment.loadBalancers.map((id) => `alb ${id.split("/")[1] ?? id}`),
      ...deployment.targetGroups.map((id) => `tg ${id.split("/")[1] ?? id}`),
      ...deployment.autoScalingGroups.map((id) => `asg ${id}`),
      ...deployment.tables.map(({ name }) => `table ${name}`),
      ...deployment.auroraClusters.map((id) => `aurora ${id}`),
      ...deployment.auroraGlobalClusters.map((id) => `global ${id}`),
      ...deployment.rdsInstances.map((id) => `rds ${id}`),
      ...deployment.redisReplicationGroups.map((id) => `redis ${id}`),
      ...(deployment.functions ?? []).map((id) => `function ${id}`),
      ...(deployment.containerServices ?? []).map((id) => `service ${id}`),
    ];
    return `${deployment.region}: ${parts.join(", ")}`;
  });
}

export function userErrorOf(act: () => unknown): UserError {
  try {
    act();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** As `terraform output -json` prints one output. */
export function tf(value: unknown, sensitive = false): object {
  return { sensitive, type: "string", value };
}

export const arn = {
  alb: (region: string, name = "web", partition = "aws", owner = account) =>
    `arn:${partition}:elasticloadbalancing:${region}:${owner}:loadbalancer/app/${name}/0123456789abcdef`,
  tg: (region: string, name = "web") => `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${name}/0123456789abcdef`,
  asg: (region: string, name = "web", partition = "aws", owner = account) =>
    `arn:${partition}:autoscaling:${region}:${owner}:autoScalingGroup:00000000-0000-4000-8000-000000000000:autoScalingGroupName/${name}`,
  table: (region: string, name = "users", partition = "aws", owner = account) => `arn:${partition}:dynamodb:${region}:${owner}:table/${name}`,
  aurora: (region: string, name = "db") => `arn:aws:rds:${region}:${account}:cluster:${name}`,
  redis: (region: string, name = "cache") => `arn:aws:elasticache:${region}:${account}:replicationgroup:${name}`,
  stack: (region: string, name = "web") => `arn:aws:cloudformation:${region}:${account}:stack/${name}/00000000-0000-4000-8000-000000000000`,
  of: (service: string, region: string, resource: string, owner = account) => `arn:aws:${service}:${region}:${owner}:${resource}`,
};
