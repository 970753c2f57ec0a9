import { mutation, query, type Service } from "../../account/service.ts";
import { argument, arn, idOf, prefixed, type Attributes, type SelfView } from "../../terraform/attributes.ts";
import { createLaunchTemplateVersion } from "./create-launch-template-version.ts";
import { deleteLaunchTemplate } from "./delete-launch-template.ts";
import { deleteLaunchTemplateVersions } from "./delete-launch-template-versions.ts";
import { launchTemplate } from "./deploy-launch-templates.ts";
import { describeLaunchTemplates, describeLaunchTemplateVersions, errors } from "./describe-launch-templates.ts";
import { describeInstances } from "./describe-instances.ts";
import { describeTags } from "./describe-tags.ts";
import { describeFleets, describeSpotFleetRequests, instanceFleetsDemand } from "./instance-fleets.ts";
import { describeSubnets, subnetType } from "./subnets.ts";

/** An EC2 network object: `<prefix>-0123…` with an ARN of its kind. */
function network(prefix: string, kind: string, more: Attributes = {}): Attributes {
  return { id: prefixed(prefix), arn: arn("ec2", (self) => `${kind}/${idOf(self)}`), owner_id: (self) => self.accountId, ...more };
}

const securityGroupRule = network("sgr", "security-group-rule", { security_group_rule_id: prefixed("sgr") });

/** Networks are kept as deployed: nothing in this account changes them. */
const networkAttributes: Readonly<Record<string, Attributes>> = {
  aws_vpc: network("vpc", "vpc", { default_security_group_id: prefixed("sg"), main_route_table_id: prefixed("rtb"), default_network_acl_id: prefixed("acl") }),
  aws_internet_gateway: network("igw", "internet-gateway"),
  aws_nat_gateway: network("nat", "natgateway"),
  aws_eip: network("eipalloc", "elastic-ip", { allocation_id: prefixed("eipalloc") }),
  aws_route_table: network("rtb", "route-table"),
  aws_route: { id: (self) => `r-${self.text("route_table_id")}${self.hex(10)}` },
  aws_route_table_association: { id: prefixed("rtbassoc") },
  aws_vpc_endpoint: network("vpce", "vpc-endpoint"),
  aws_security_group: network("sg", "security-group"),
  aws_default_security_group: network("sg", "security-group"),
  aws_vpc_security_group_ingress_rule: securityGroupRule,
  aws_vpc_security_group_egress_rule: securityGroupRule,
  aws_security_group_rule: { id: prefixed("sgrule") },
  aws_flow_log: network("fl", "vpc-flow-log"),
  aws_vpc_peering_connection: { id: prefixed("pcx") },
  aws_vpc_peering_connection_accepter: { id: argument("vpc_peering_connection_id") },
  aws_vpc_peering_connection_options: { id: argument("vpc_peering_connection_id") },
};

/** Zone letters every account has, by region; regions not named have a, b and c. */
const zoneLetters: Readonly<Record<string, string>> = { "us-east-1": "abcdef", "us-west-2": "abcd", "us-west-1": "ab", "ap-northeast-1": "acd" };

function zones(self: SelfView): readonly string[] {
  return (zoneLetters[self.region] ?? "abc").split("").map((letter) => self.region + letter);
}

export const ec2: Service = {
  name: "ec2",
  api: {
    client: "EC2Client",
    errors,
    commands: {
      DescribeLaunchTemplates: query(describeLaunchTemplates),
      DescribeLaunchTemplateVersions: query(describeLaunchTemplateVersions),
      DescribeSubnets: query(describeSubnets),
      DescribeInstances: query(describeInstances),
      DescribeTags: query(describeTags),
      DescribeFleets: query(describeFleets),
      DescribeSpotFleetRequests: query(describeSpotFleetRequests),
      CreateLaunchTemplateVersion: mutation(createLaunchTemplateVersion),
      DeleteLaunchTemplate: mutation(deleteLaunchTemplate),
      DeleteLaunchTemplateVersions: mutation(deleteLaunchTemplateVersions),
    },
  },
  resources: {
    ...Object.fromEntries(Object.entries(networkAttributes).map(([type, attributes]) => [type, { attributes }])),
    aws_subnet: subnetType(network("subnet", "subnet")),
    aws_launch_template: launchTemplate,
  },
  demands: [instanceFleetsDemand],
  data: { aws_availability_zones: { names: zones, id: (self) => self.region } },
};
