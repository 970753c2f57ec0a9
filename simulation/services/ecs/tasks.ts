import {
  InvalidParameterException,
  type DescribeTasksCommandInput,
  type DescribeTasksCommandOutput,
  type ListTasksCommandInput,
  type ListTasksCommandOutput,
  type Task,
} from "@aws-sdk/client-ecs";
import { deterministicHex } from "../../account/deterministic-id.ts";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { ecsServices, nameIn, stateAt, type EcsService } from "./container-service.ts";
import { knownCluster, knownService, paged } from "./describe.ts";

/** ListTasks gives, and DescribeTasks takes, up to a hundred. */
const mostTasks = 100;

/** Lists the tasks of one service that run. Stopped tasks are not modelled. */
export function listTasks(input: ListTasksCommandInput, { state, region, nowMs }: CallContext): Answer<ListTasksCommandOutput> {
  refuseUnmodelled("ListTasks", input, ["cluster", "serviceName", "desiredStatus", "nextToken", "maxResults"]);
  const service = knownService(state, region, input.cluster, input.serviceName);
  const page = paged(tasksOf(service, nowMs), input.nextToken, input.maxResults ?? mostTasks);
  return { taskArns: page.items.flatMap(({ taskArn }) => taskArn ?? []), ...page.token };
}

export function describeTasks(input: DescribeTasksCommandInput, { state, region, nowMs }: CallContext): Answer<DescribeTasksCommandOutput> {
  refuseUnmodelled("DescribeTasks", input, ["cluster", "tasks"]);
  const { name } = knownCluster(state, region, input.cluster);
  const wanted = input.tasks ?? [];
  if (wanted.length === 0) throw new InvalidParameterException(refusal("Tasks cannot be empty."));
  if (wanted.length > mostTasks) throw new InvalidParameterException(refusal("Tasks cannot have more than 100 elements."));
  const all = state
    .of(ecsServices)
    .in(region)
    .filter(({ cluster }) => cluster === name)
    .flatMap((service) => tasksOf(service, nowMs));
  const asked = wanted.map((arn) => ({ arn, found: all.find(({ taskArn }) => nameIn(taskArn ?? "") === nameIn(arn)) }));
  return {
    tasks: asked.flatMap(({ found }) => found ?? []),
    failures: asked.flatMap(({ arn, found }) => (found === undefined ? { arn, reason: "MISSING" } : [])),
  };
}

/** In the zones of its subnets in turn, as ECS spreads them. */
function tasksOf(service: EcsService, atMs: number): readonly Task[] {
  const { arn, zones } = service;
  const prefix = arn.replace(/:service\/([^/]+)\/.*$/s, ":task/$1");
  const definitions = Object.entries(stateAt(service, atMs).running).flatMap(([definition, count]) => Array.from({ length: count }, () => definition));
  return definitions.map((taskDefinitionArn, place) => {
    const zone = zones[place % Math.max(1, zones.length)];
    return {
      taskArn: `${prefix}/${deterministicHex([arn, taskDefinitionArn, String(place)], 32)}`,
      taskDefinitionArn,
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
      ...(zone === undefined ? {} : { availabilityZone: zone }),
    };
  });
}
