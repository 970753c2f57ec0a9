import type { CallContext, DeploymentContext, ResourceType } from "../../account/service.ts";
import { regionalStore } from "../../account/state.ts";
import { fitsPattern } from "../../scenario/references.ts";
import { dataStreamArn, dataStreamsDemand } from "../../shared/data-streams.ts";
import { shardedStreams } from "../../shared/sharded-streams.ts";
import { argumentsOf } from "../../terraform/arguments.ts";
import { arn, idOf, uuid } from "../../terraform/attributes.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";
import { functionsDemand } from "./demand.ts";

/** What makes AWS call a function with what a stream or a queue brings. */
export interface EventSourceMapping {
  readonly sourceArn: string;
  readonly function: string;
  readonly isEnabled: boolean;
  /** Batches that are read from each shard at once. */
  readonly batchesPerShard: number;
  /** Calls that a queue lets run at once; null: as many as there are. */
  readonly mostAtOnce: number | null;
}

interface DeployedMapping extends EventSourceMapping {
  readonly region: string;
  readonly id: string;
}

const deployedMappings = regionalStore<DeployedMapping>();

type Account = Pick<CallContext, "state" | "scenario" | "region">;

/** Mappings of the stacks, and those that the scenario says somebody made beside them. */
export function mappingsIn({ state, scenario, region }: Account): readonly EventSourceMapping[] {
  const byHand = { isEnabled: true, batchesPerShard: 1, mostAtOnce: null } as const;
  const outside = Object.entries(functionsDemand.of(scenario, region) ?? {}).flatMap(
    ([name, { readsStreamsOf = [], readsDataStreams = [], readsQueues = [] }]): readonly EventSourceMapping[] => [
      ...state
        .of(shardedStreams)
        .in(region)
        .flatMap(({ arnAt }) => arnAt(state.nowMs) ?? [])
        .filter((sourceArn) => readsStreamsOf.some((pattern) => fitsPattern(pattern, sourceArn.split("/")[1] ?? "")))
        .map((sourceArn) => ({ ...byHand, sourceArn, function: name })),
      ...readsDataStreams.map(({ stream, batchesPerShard = 1 }) => ({
        ...byHand,
        sourceArn: dataStreamArn(region, state.accountId, stream),
        function: name,
        batchesPerShard,
      })),
      ...readsQueues.map(({ queue, mostAtOnce = null }) => ({
        ...byHand,
        sourceArn: `arn:aws:sqs:${region}:${state.accountId}:${queue}`,
        function: name,
        mostAtOnce,
      })),
    ],
  );
  return [...state.of(deployedMappings).in(region), ...outside];
}

/** Calls of a function that its event sources let run at once, all of them together; Infinity where nothing bounds them, or nothing is mapped. */
export function atOnceBySources(account: Account, functionName: string, atMs: number): number {
  const { state, scenario, region } = account;
  const own = mappingsIn(account).filter((mapping) => mapping.isEnabled && isOf(mapping, functionName));
  const shardsOf = (arn: string): number | undefined =>
    arn.split(":")[2] === "kinesis"
      ? (dataStreamsDemand.of(scenario, region) ?? {})[arn.split("/").at(-1) ?? ""]?.openShards
      : state
          .of(shardedStreams)
          .in(region)
          .find(({ arnAt }) => arnAt(atMs) === arn)?.openShards;
  if (own.length === 0) return Infinity;
  return own.reduce((sum, { sourceArn, batchesPerShard, mostAtOnce }) => sum + (mostAtOnce ?? (shardsOf(sourceArn) ?? Infinity) * batchesPerShard), 0);
}

/** A mapping names its function by its name or its ARN, and a scenario by a pattern. */
export function isOf(mapping: EventSourceMapping, nameOrArn: string): boolean {
  return fitsPattern(nameIn(mapping.function), nameIn(nameOrArn));
}

/** The name in a name or an ARN. */
export function nameIn(nameOrArn: string): string {
  return nameOrArn.split(":").at(-1) ?? "";
}

function deployMapping(resource: EvaluatedResource, { state }: DeploymentContext): void {
  const given = argumentsOf(resource);
  const id = String(resource.attribute("id"));
  const [scaling] = given.blocks("scaling_config");
  state.of(deployedMappings).add(id, {
    region: resource.region,
    id,
    sourceArn: given.text("event_source_arn"),
    function: given.text("function_name"),
    isEnabled: given.flag("enabled", true),
    batchesPerShard: given.number("parallelization_factor", 1),
    mostAtOnce: scaling?.number("maximum_concurrency") ?? null,
  });
}

export const mappingTypes: Readonly<Record<string, ResourceType>> = {
  aws_lambda_event_source_mapping: {
    attributes: { id: uuid, uuid: idOf, arn: arn("lambda", (self) => `event-source-mapping:${idOf(self)}`) },
    deploy: deployMapping,
  },
};
