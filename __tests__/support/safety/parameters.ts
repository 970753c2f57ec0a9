import facts from "../local-aws/local_aws/engine_parameters.json" with { type: "json" };
import { resources, type Resource, type StackDocument } from "../synthesized-stacks.ts";
import { at, refersTo, type SafetyRule, textOf } from "./requirements.ts";

interface EngineParameter {
  readonly default: string;
  readonly applyType: string;
}

const families: Readonly<Record<string, Readonly<Record<string, EngineParameter>>>> = facts.families;
const groupTypes = ["aws_db_parameter_group", "aws_rds_cluster_parameter_group", "aws_elasticache_parameter_group"];

/** Parameters that AWS reads back as they were written, and logs that are written where they are exported. */
export const parameters: SafetyRule = ({ document }) => [
  ...groupTypes.flatMap((type) => resources(document, type)).flatMap(strangeParameters),
  ...silentExports(document),
];

export interface WrittenParameter {
  readonly name: string;
  readonly value: string;
  readonly applyMethod: string;
}

export function parametersOf({ values }: Resource): readonly WrittenParameter[] {
  const written: readonly unknown[] = [values["parameter"] ?? []].flat();
  return written.map((one) => ({
    name: textOf(at(one, "name")),
    value: textOf(at(one, "value")),
    applyMethod: textOf(at(one, "apply_method") ?? "immediate"),
  }));
}

/** The engine's own value of a parameter in a group's family; `undefined` where the table has none. */
export function engineDefault({ values }: Resource, name: string): string | undefined {
  return families[textOf(values["family"])]?.[name]?.default;
}

export function isOn(value: string | undefined): boolean {
  return ["1", "on", "yes", "true"].includes(String(value).toLowerCase());
}

function same(a: string, b: string): boolean {
  const known = (value: string): string => ({ on: "1", off: "0" })[value.toLowerCase()] ?? value;
  return known(a) === known(b);
}

/**
 * RDS forgets who wrote a value that is the engine's own: it is read back with the apply method `pending-reboot`, a change at each plan.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_parameter_group
 */
function strangeParameters(group: Resource): readonly string[] {
  const { type, address, values } = group;
  return parametersOf(group).flatMap(({ name, value, applyMethod }) => {
    const known = families[textOf(values["family"])]?.[name];
    if (known === undefined) return [`${address}: engine_parameters.json has no ${name} of ${textOf(values["family"])}`];
    return [
      ...(same(value, known.default) ? [`${address}: ${name} is ${value} anyway`] : []),
      ...(known.applyType === "static" && applyMethod !== "pending-reboot" && type !== "aws_elasticache_parameter_group"
        ? [`${address}: ${name} changes at a restart only, not ${applyMethod}`]
        : []),
    ];
  });
}

/** Parameter that makes a database write a log at all. */
const switches: Readonly<Record<string, string>> = { general: "general_log", slowquery: "slow_query_log", audit: "server_audit_logging" };

function silentExports(document: StackDocument): readonly string[] {
  return ["aws_rds_cluster", "aws_db_instance"]
    .flatMap((type) => resources(document, type))
    .flatMap((database) => {
      const groups = groupsOf(document, database);
      const effective = (name: string): string | undefined =>
        groups.flatMap(parametersOf).find((one) => one.name === name)?.value ??
        groups.map((group) => engineDefault(group, name)).find((one) => one !== undefined);
      return [database.values["enabled_cloudwatch_logs_exports"] ?? []]
        .flat()
        .map(String)
        .filter((log) => switches[log] !== undefined)
        .filter((log) => !isOn(effective(switches[log] ?? "")) || effective("log_output") !== "FILE")
        .map((log) => `${database.address}: exports ${log}, which is never written to a file`);
    });
}

/** Parameter groups of a database, those of its members before its own. */
function groupsOf(document: StackDocument, { address, values }: Resource): readonly Resource[] {
  const members = resources(document, "aws_rds_cluster_instance").filter((member) => refersTo(member.values["cluster_identifier"], address));
  const named = [
    ...members.map((member) => member.values["db_parameter_group_name"]),
    values["parameter_group_name"],
    values["db_cluster_parameter_group_name"],
  ];
  return named.flatMap((name) => groupTypes.flatMap((type) => resources(document, type)).filter((group) => refersTo(name, group.address)));
}
