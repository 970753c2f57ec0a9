import { resources, type Resource, type StackDocument } from "../synthesized-stacks.ts";
import { absent, refersTo, unmet, type Requirements, type SafetyRule, textOf } from "./requirements.ts";

const closed: Requirements = {
  aws_db_instance: { publicly_accessible: false },
  aws_default_security_group: { ingress: absent, egress: absent },
  aws_rds_cluster_instance: { publicly_accessible: false },
  aws_s3_bucket_public_access_block: { block_public_acls: true, block_public_policy: true, ignore_public_acls: true, restrict_public_buckets: true },
  // Rules inside a group fight with those beside it.
  aws_security_group: { ingress: absent, egress: absent },
  aws_subnet: { map_public_ip_on_launch: false },
};

/** Only the load balancer's doors are open to all; stores have no way to the internet; networks are watched. */
export const network: SafetyRule = ({ document }) => [
  ...unmet(document, closed),
  ...openDoors(document),
  ...wideExits(document),
  ...storesWithARoad(document),
  ...lacking(document, "aws_vpc", "aws_default_security_group", "vpc_id", "its default security group is open"),
  ...lacking(document, "aws_s3_bucket", "aws_s3_bucket_public_access_block", "bucket", "may become public"),
  ...unwatched(document),
];

function openDoors(document: StackDocument): readonly string[] {
  const balancers = resources(document, "aws_lb").map(({ values }) => values["security_groups"]);
  return rulesForAll(document, "aws_vpc_security_group_ingress_rule")
    .filter(({ values }) => {
      const atTheBalancer = balancers.some((groups) => textOf(groups).includes(textOf(values["security_group_id"])));
      return !atTheBalancer || values["from_port"] !== values["to_port"] || ![80, 443].includes(Number(values["from_port"]));
    })
    .map(({ address }) => `${address}: lets the whole internet in`);
}

function wideExits(document: StackDocument): readonly string[] {
  return rulesForAll(document, "aws_vpc_security_group_egress_rule")
    .filter(({ values }) => values["from_port"] !== 443 || values["to_port"] !== 443)
    .map(({ address }) => `${address}: lets more than HTTPS out`);
}

function rulesForAll(document: StackDocument, type: string): readonly Resource[] {
  return resources(document, type).filter(({ values }) => values["cidr_ipv4"] === "0.0.0.0/0" || values["cidr_ipv6"] === "::/0");
}

/** Subnets of a store must not belong to a route table that has a route to a gateway. */
function storesWithARoad(document: StackDocument): readonly string[] {
  const roads = resources(document, "aws_route").filter(({ values }) => values["gateway_id"] !== undefined || values["nat_gateway_id"] !== undefined);
  const connected = resources(document, "aws_route_table_association").filter(({ values }) =>
    roads.some((road) => road.values["route_table_id"] === values["route_table_id"]),
  );
  return ["aws_db_subnet_group", "aws_elasticache_subnet_group"]
    .flatMap((type) => resources(document, type))
    .filter(({ values }) => connected.some((association) => textOf(values["subnet_ids"]).includes(textOf(association.values["subnet_id"]))))
    .map(({ address }) => `${address}: has a subnet with a way to the internet`);
}

function unwatched(document: StackDocument): readonly string[] {
  const whole = resources(document, "aws_flow_log").filter(({ values }) => values["traffic_type"] === "ALL");
  return resources(document, "aws_vpc")
    .filter(({ address }) => !whole.some(({ values }) => refersTo(values["vpc_id"], address)))
    .map(({ address }) => `${address}: not all of its traffic is logged`);
}

/** Resources of a type that none of `companion` refers to. */
export function lacking(document: StackDocument, type: string, companion: string, argument: string, problem: string): readonly string[] {
  const companions = resources(document, companion);
  return resources(document, type)
    .filter(({ address }) => !companions.some(({ values }) => refersTo(values[argument], address)))
    .map(({ address }) => `${address}: ${problem}`);
}
