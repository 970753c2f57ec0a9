import type { DescribeSubnetsCommandInput, DescribeSubnetsCommandOutput } from "@aws-sdk/client-ec2";
import { liveResource } from "../../account/live-resource.ts";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext, DeploymentContext, ResourceType } from "../../account/service.ts";
import { regionalStore, type Owned } from "../../account/state.ts";
import { argumentsOf } from "../../terraform/arguments.ts";
import type { Attributes } from "../../terraform/attributes.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";
import { errors } from "./describe-launch-templates.ts";

interface Subnet extends Owned {
  readonly id: string;
  readonly vpcId: string;
  readonly zone: string;
}

const subnets = regionalStore<Subnet>();

function deploySubnet(resource: EvaluatedResource, context: DeploymentContext): void {
  const given = argumentsOf(resource);
  const id = String(resource.attribute("id"));
  const zone = given.optionalText("availability_zone");
  if (zone === null) return;
  context.state.of(subnets).add(id, { ...context.owned(resource, id), id, vpcId: given.text("vpc_id"), zone });
}

export function describeSubnets(input: DescribeSubnetsCommandInput, { state, region }: CallContext): Answer<DescribeSubnetsCommandOutput> {
  refuseUnmodelled("DescribeSubnets", input, ["SubnetIds"]);
  if (input.SubnetIds === undefined) throw new NotSimulated("DescribeSubnets without SubnetIds");
  const found = input.SubnetIds.map((id) => {
    const subnet = state.of(subnets).get(region, id);
    if (subnet === undefined) throw errors.refuse("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`);
    return subnet;
  });
  return { Subnets: found.map(({ id, vpcId, zone, arn }) => ({ SubnetId: id, VpcId: vpcId, AvailabilityZone: zone, SubnetArn: arn, State: "available" })) };
}

export function subnetType(attributes: Attributes): ResourceType {
  return { attributes, deploy: deploySubnet, live: liveResource(subnets) };
}
