import { resources, type Resource, type StackDocument } from "../synthesized-stacks.ts";
import { madeBefore, referencesIn } from "./dependencies.ts";
import { at, between, refersTo, textOf, unmet, type Requirements, type SafetyRule } from "./requirements.ts";

const patient: Requirements = {
  aws_autoscaling_group: {
    // The first launch in an account may fail once, while role, key and profile become known everywhere.
    ignore_failed_scaling_activities: true,
    // A new instance before an old one goes: else a group of one is out of service. At most twice as many, says Auto Scaling.
    "instance_refresh.preferences.min_healthy_percentage": 100,
    "instance_refresh.preferences.max_healthy_percentage": between(101, 200),
  },
};

/** What runs the application starts after all that it needs to start; a database's writer is the first of its members. */
export const order: SafetyRule = ({ document }) => [
  ...unmet(document, patient),
  ...resources(document, "aws_autoscaling_group").flatMap((group) => startedTooEarly(document, group, machinesOf(document, group))),
  ...resources(document, "aws_ecs_service").flatMap((service) => startedTooEarly(document, service, tasksOf(document, service))),
  ...resources(document, "aws_rds_cluster").flatMap((cluster) => writersByChance(document, cluster)),
];

/** Where something runs, and as whom. */
interface Runner {
  readonly subnets: unknown;
  readonly securityGroups: unknown;
  /** Addresses. */
  readonly roles: readonly string[];
}

function machinesOf(document: StackDocument, group: Resource): Runner {
  const template = referred(document, "aws_launch_template", group.values["launch_template"]);
  const profile = referred(document, "aws_iam_instance_profile", template?.values["iam_instance_profile"]);
  return {
    subnets: group.values["vpc_zone_identifier"],
    securityGroups: template?.values["vpc_security_group_ids"],
    roles: referencesIn(profile?.values["role"]),
  };
}

function tasksOf(document: StackDocument, service: Resource): Runner {
  const definition = referred(document, "aws_ecs_task_definition", service.values["task_definition"]);
  return {
    subnets: at(service.values, "network_configuration.subnets"),
    securityGroups: at(service.values, "network_configuration.security_groups"),
    roles: referencesIn([definition?.values["execution_role_arn"], definition?.values["task_role_arn"]]),
  };
}

function referred(document: StackDocument, type: string, value: unknown): Resource | undefined {
  return resources(document, type).find(({ address }) => refersTo(value, address));
}

function startedTooEarly(document: StackDocument, { address }: Resource, runner: Runner): readonly string[] {
  const before = madeBefore(document, address);
  if (runner.roles.length === 0) return [`${address}: runs without a role`];
  return [...policiesOf(document, runner.roles), ...openingsOf(document, runner.securityGroups), ...roadsFrom(document, runner.subnets)]
    .filter((needed) => !before.has(needed))
    .map((needed) => `${address}: may start before ${needed}`);
}

function policiesOf(document: StackDocument, roles: readonly string[]): readonly string[] {
  return ["aws_iam_role_policy", "aws_iam_role_policy_attachment"].flatMap((type) =>
    resources(document, type)
      .filter(({ values }) => roles.some((role) => refersTo(values["role"], role)))
      .map(({ address }) => address),
  );
}

function openingsOf(document: StackDocument, securityGroups: unknown): readonly string[] {
  return ["aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"].flatMap((type) =>
    resources(document, type)
      .filter(({ values }) => referencesIn(securityGroups).some((group) => refersTo(values["security_group_id"], group)))
      .map(({ address }) => address),
  );
}

/** Associations of the subnets, routes to gateways, the gateways, and the same of the subnets that NAT gateways stand in. */
function roadsFrom(document: StackDocument, subnets: unknown): readonly string[] {
  const associations = resources(document, "aws_route_table_association").filter(({ values }) =>
    referencesIn(subnets).some((subnet) => refersTo(values["subnet_id"], subnet)),
  );
  const tables = associations.map(({ values }) => textOf(values["route_table_id"]));
  const routes = resources(document, "aws_route").filter(
    ({ values: { route_table_id, gateway_id, nat_gateway_id } }) => tables.includes(textOf(route_table_id)) && (gateway_id ?? nat_gateway_id) !== undefined,
  );
  const endpoints = resources(document, "aws_vpc_endpoint").filter(({ values }) => tables.some((table) => textOf(values["route_table_ids"]).includes(table)));
  const gateways = resources(document, "aws_nat_gateway").filter(({ address }) => routes.some(({ values }) => refersTo(values["nat_gateway_id"], address)));
  return [
    ...[...associations, ...routes, ...endpoints, ...gateways].map(({ address }) => address),
    ...gateways.flatMap(({ values }) => roadsFrom(document, values["subnet_id"])),
  ];
}

/** RDS makes the first member that is ready the writer. */
function writersByChance(document: StackDocument, cluster: Resource): readonly string[] {
  const members = resources(document, "aws_rds_cluster_instance")
    .filter(({ values }) => refersTo(values["cluster_identifier"], cluster.address))
    .sort((a, b) => Number(a.values["promotion_tier"]) - Number(b.values["promotion_tier"]));
  const [first, ...others] = members;
  return others
    .filter(({ address }) => first !== undefined && !madeBefore(document, address).has(first.address))
    .map(({ address }) => `${address}: may be made before ${first?.address ?? ""}, and become the writer`);
}
