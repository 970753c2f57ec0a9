import { CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand } from "@aws-sdk/client-ec2";
import { answered } from "../../../optimizer/adapters/aws/answered.ts";
import type { WireAccount } from "./trial.ts";

/** A network with a subnet in each of two zones. */
export async function madeNetwork({ clients: { ec2 }, region, name }: WireAccount) {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const VpcId = answered(Vpc?.VpcId, "VpcId");
  const subnets: string[] = [];
  for (const [index, zone] of ["a", "b"].entries()) {
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: `10.0.${index}.0/24`, AvailabilityZone: `${region}${zone}` }));
    subnets.push(answered(Subnet?.SubnetId, "SubnetId"));
  }
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: name, Description: "of a trial" }));
  return { subnets, securityGroups: [answered(GroupId, "GroupId")] };
}
