import { describe, expect, it } from "vitest";
import { stackOutputsSchema } from "../../contract/outputs.ts";
import { readSettings } from "../../stacks/settings/settings.ts";
import { only, resources, type StackDocument } from "../support/synthesized-stacks.ts";
import { refusal, web, webSources } from "../support/web-stacks.ts";

const production = web();
const finance = web({ preset: "finance" });
const staging = web({ environment: "staging" });
const both = ["primary", "secondary"] as const;

describe("the fleet", () => {
  it.each([
    ["staging", staging, "t3.micro", { min_size: 1, desired_capacity: 1, max_size: 3 }],
    ["production", production, "t3.medium", { min_size: 1, desired_capacity: 2, max_size: 6 }],
    ["finance", finance, "t3.medium", { min_size: 2, desired_capacity: 3, max_size: 6 }],
  ] as const)("of %s", (_, stacks, instanceType, sizes) => {
    for (const name of both) {
      expect(only(stacks[name], "aws_launch_template")["instance_type"]).toBe(instanceType);
      expect(only(stacks[name], "aws_autoscaling_group")).toMatchObject({ ...sizes, lifecycle: { ignore_changes: ["desired_capacity"] } });
    }
  });

  it.each(both)("of %s answers every path, in private subnets", (name) => {
    expect(only(production[name], "aws_lb_listener_rule")["condition"]).toEqual([{ path_pattern: { values: ["/*"] } }]);
    for (const subnet of only(production[name], "aws_autoscaling_group")["vpc_zone_identifier"] as readonly string[]) expect(subnet).toContain("private");
  });
});

describe("presets", () => {
  it.each([
    ["of staging", { environment: "staging", preset: "finance" }, "preset: finance gives sizes of production", "environment `production`"],
    ["of another blueprint", { blueprint: "saas", preset: "finance" }, "preset: the blueprint has no preset finance", "blueprint `web`"],
    ["that nobody knows", { preset: "retail" }, "preset: not one of the presets: finance", "correct it there"],
  ])("are refused %s", (_, configuration, message, hint) => {
    const said = refusal(webSources(configuration));
    expect(said).toContain(message);
    expect(said).toContain(hint);
  });

  it("and the other choices may come from the shell", () => {
    const variables = {
      TAP_BLUEPRINT: "web",
      TAP_NETWORK: "default",
      TAP_PEERING: "none",
      TAP_RDS_ENGINE_VERSION: "8.4",
    };
    const settings = readSettings({ variables, readSizing: () => undefined });
    expect(settings).toMatchObject({ blueprint: "web", network: "default", peering: "none" });
    expect(settings.stacks[0]?.components.rds?.engineVersion).toBe("8.4");
    expect(refusal({ variables: { TAP_BLUEPRINT: "web", TAP_PRESET: "finance" }, readSizing: () => undefined })).toContain("sizes of production");
  });
});

describe("the table", () => {
  it("is recoverable and encrypted in both regions, the secondary's copy by its own key", () => {
    expect(only(production.primary, "aws_dynamodb_table")).toMatchObject({
      name: "tap-prod-sessions",
      point_in_time_recovery: { enabled: true },
      server_side_encryption: { enabled: true, kms_key_arn: expect.stringContaining("tables-key") },
      lifecycle: { ignore_changes: ["replica"] },
    });
    expect(only(production.secondary, "aws_dynamodb_table_replica")).toMatchObject({
      point_in_time_recovery: true,
      kms_key_arn: expect.stringContaining("aws_kms_key.tables-key"),
    });
  });
});

const guards: Readonly<Record<string, unknown>> = {
  deletion_protection: true,
  deletion_protection_enabled: true,
  enable_deletion_protection: true,
  force_destroy: false,
  recovery_window_in_days: 30,
  delete_automated_backups: false,
};

function guarded(stack: StackDocument) {
  return resources(stack).flatMap(({ address, values }) =>
    Object.keys(guards)
      .filter((argument) => values[argument] !== undefined)
      .map((argument) => ({ address, argument, value: values[argument] })),
  );
}

describe.each(both)("deletion in %s", (name) => {
  it("is refused by all that holds data in production", () => {
    const found = guarded(production[name]);
    expect(found.length).toBeGreaterThanOrEqual(5);
    for (const { address, argument, value } of found) expect([address, argument, value]).toEqual([address, argument, guards[argument]]);
  });

  it("leaves nothing of staging behind: no protection, no snapshot, no name that is still taken", () => {
    for (const { address, argument, value } of guarded(staging[name]))
      expect([address, argument, value]).toEqual([address, argument, argument === "recovery_window_in_days" ? 0 : !guards[argument]]);
    expect(only(staging[name], "aws_db_instance")["skip_final_snapshot"]).toBe(true);
    expect(only(staging[name], "aws_db_instance")).not.toHaveProperty("final_snapshot_identifier");
  });
});

it("production's database leaves a last snapshot", () => {
  expect(only(production.primary, "aws_db_instance")).toMatchObject({ skip_final_snapshot: false, final_snapshot_identifier: "tap-prod-mysql-final" });
});

describe.each(both)("outputs of %s", (name) => {
  const outputs = Object.fromEntries(
    Object.entries(production[name].output)
      .filter(([output]) => !output.startsWith("cross-stack-output-"))
      .map(([output, { value }]) => [output, value]),
  );

  it("are the contract's", () => {
    expect(stackOutputsSchema.strict().safeParse(outputs).error?.issues).toBeUndefined();
  });

  it.each(["vpc_id", "alb_dns_name", "alb_arn", "rds_endpoint", "rds_address", "data_bucket_arn", "data_bucket_name", "logs_bucket_arn", "logs_bucket_name"])(
    "tell %s",
    (output) => {
      expect(outputs[output]).toMatch(/^\$\{.+\}$/);
    },
  );

  it("hold no secret, and no key of what is not there", () => {
    expect(JSON.stringify(outputs)).not.toMatch(/secret_string|random_password/);
    expect(JSON.stringify(outputs["exports"])).not.toMatch(/aurora|redis/);
    expect(outputs["exports"]).toMatchObject({
      "tap-prod-rds-endpoint": expect.stringContaining("aws_db_instance"),
      "tap-prod-data-bucket-name": expect.stringContaining("aws_s3_bucket"),
    });
  });
});

describe.each(both)("everything of %s", (name) => {
  it("that works in the other region is the peering connection's or the password's copy, and nothing else", () => {
    const elsewhere = resources(production[name]).filter(({ values }) => values["provider"] !== undefined);
    if (name === "primary") return expect(elsewhere.map(({ type }) => type).sort()).toEqual(["aws_kms_alias", "aws_kms_replica_key"]);
    expect(new Set(elsewhere.map(({ type }) => type))).toEqual(
      new Set(["aws_vpc_peering_connection_accepter", "aws_vpc_peering_connection_options", "aws_route"]),
    );
    for (const { address } of elsewhere) expect(address).toContain(".peering_accepter");
  });

  it("is free of Terraform functions: only references, and strings made of them", () => {
    expect(JSON.stringify(production[name].resource).match(/\$\{[a-z]\w*\(/g)).toBeNull();
  });

  it("has no wildcard in a policy without a reason", async () => {
    const { default: exceptions } = await import("../../docs/policy-exceptions.json", { with: { type: "json" } });
    const allowed = exceptions.map(({ policies, statement, wildcard }) => `${policies} ${statement} ${wildcard}`);
    expect(allowed).toEqual(expect.arrayContaining([...new Set(resources(production[name]).flatMap(wildcards))]));
  });
});

function wildcards({ type, values }: { readonly type: string; readonly values: Readonly<Record<string, unknown>> }): readonly string[] {
  if (typeof values["policy"] !== "string") return [];
  const { Statement } = JSON.parse(values["policy"]) as {
    readonly Statement: readonly { readonly Sid: string; readonly Action: string | string[]; readonly Resource: string | string[] }[];
  };
  return Statement.flatMap(({ Sid, Action, Resource }) => [
    ...[Action]
      .flat()
      .filter((action) => action.includes("*"))
      .map((action) => `${type} ${Sid} Action ${action}`),
    ...[Resource]
      .flat()
      .filter((arn) => arn === "*")
      .map(() => `${type} ${Sid} Resource *`),
  ]);
}
