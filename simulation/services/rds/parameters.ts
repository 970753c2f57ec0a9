import {
  DBParameterGroupNotFoundFault,
  type DescribeDBClusterParametersCommandInput,
  type DescribeDBClusterParametersCommandOutput,
  type DescribeDBParametersCommandInput,
  type DescribeDBParametersCommandOutput,
  type DescribeOrderableDBInstanceOptionsCommandInput,
  type DescribeOrderableDBInstanceOptionsCommandOutput,
} from "@aws-sdk/client-rds";
import { capacities } from "../../../contract/capacities.ts";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext, DeploymentContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { regionalStore, type Owned } from "../../account/state.ts";
import { argumentsOf } from "../../terraform/arguments.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";
import { database } from "./demand.ts";

interface ParameterGroup extends Owned {
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

export const parameterGroups = regionalStore<ParameterGroup>();

export const clusterParameterGroups = regionalStore<ParameterGroup>();

export function deployParameterGroup(resource: EvaluatedResource, context: DeploymentContext): void {
  context.state.of(parameterGroups).add(argumentsOf(resource).text("name"), parameterGroupOf(resource, context));
}

export function deployClusterParameterGroup(resource: EvaluatedResource, context: DeploymentContext): void {
  context.state.of(clusterParameterGroups).add(argumentsOf(resource).text("name"), parameterGroupOf(resource, context));
}

function parameterGroupOf(resource: EvaluatedResource, context: DeploymentContext): ParameterGroup {
  const blocks = [resource.arguments["parameter"] ?? []].flat();
  const parameters = blocks.map((block) => ({ name: textOf(block, "name"), value: textOf(block, "value") }));
  return { ...context.owned(resource, argumentsOf(resource).text("name")), parameters };
}

function textOf(block: unknown, name: string): string {
  const value: unknown = Object(block)[name];
  if (typeof value !== "string") throw new NotSimulated(`a parameter whose ${name} is no text`);
  return value;
}

/** Parameters that somebody has set; the engine's own are not kept. */
export function describeDbParameters(input: DescribeDBParametersCommandInput, { state, region }: CallContext): Answer<DescribeDBParametersCommandOutput> {
  refuseUnmodelled("DescribeDBParameters", input, ["DBParameterGroupName", "Source", "Marker", "MaxRecords"]);
  if (input.Source !== "user") throw new NotSimulated("DescribeDBParameters of the engine's own parameters");
  const name = input.DBParameterGroupName ?? "";
  const group = state.of(parameterGroups).get(region, name);
  if (group === undefined && !name.startsWith("default.")) throw new DBParameterGroupNotFoundFault(refusal(`DBParameterGroup not found: ${name}`, 404));
  return { Parameters: (group?.parameters ?? []).map((each) => ({ ParameterName: each.name, ParameterValue: each.value, Source: "user" })) };
}

/** Parameters that a stack sets for a whole cluster, and those that somebody set besides. */
export function describeDbClusterParameters(
  input: DescribeDBClusterParametersCommandInput,
  { state, region, scenario }: CallContext,
): Answer<DescribeDBClusterParametersCommandOutput> {
  refuseUnmodelled("DescribeDBClusterParameters", input, ["DBClusterParameterGroupName", "Source", "Marker", "MaxRecords"]);
  if (input.Source !== "user") throw new NotSimulated("DescribeDBClusterParameters of the engine's own parameters");
  const name = input.DBClusterParameterGroupName ?? "";
  const group = state.of(clusterParameterGroups).get(region, name);
  if (group === undefined && !name.startsWith("default.")) throw new DBParameterGroupNotFoundFault(refusal(`DBClusterParameterGroup not found: ${name}`, 404));
  const byHand = Object.entries(database.of(scenario, region)?.around?.clusterParameters ?? {}).map(([parameter, value]) => ({ name: parameter, value }));
  return { Parameters: [...(group?.parameters ?? []), ...byHand].map((each) => ({ ParameterName: each.name, ParameterValue: each.value, Source: "user" })) };
}

/** A class of each family that contract/capacities.json knows. */
const families = ["db.t3.micro", "db.t4g.micro", "db.m5.large", "db.m6g.large", "db.m7g.large", "db.r5.large", "db.r6g.large", "db.r7g.large"];
const storageTypes = ["gp2", "gp3", "io1", "io2"];

/** Every class whose capacity is known, with a standby and each storage, whatever the engine. */
export function describeOrderableDbInstanceOptions(
  input: DescribeOrderableDBInstanceOptionsCommandInput,
  { region }: CallContext,
): Answer<DescribeOrderableDBInstanceOptionsCommandOutput> {
  refuseUnmodelled("DescribeOrderableDBInstanceOptions", input, ["Engine", "EngineVersion", "Vpc", "Marker", "MaxRecords"]);
  const { Engine, EngineVersion } = input;
  const classes = families.flatMap((one) => capacities.rdsFamily(one));
  return {
    OrderableDBInstanceOptions: classes.flatMap((DBInstanceClass) =>
      storageTypes.map((StorageType) => ({
        Engine,
        EngineVersion,
        DBInstanceClass,
        StorageType,
        MultiAZCapable: true,
        Vpc: true,
        AvailabilityZones: ["a", "b", "c"].map((zone) => ({ Name: `${region}${zone}` })),
      })),
    ),
  };
}
