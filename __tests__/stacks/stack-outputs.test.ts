import { describe, expect, it } from "vitest";
import { z } from "zod";
import { componentsSchema } from "../../contract/components.ts";
import { stackOutputsSchema } from "../../contract/outputs.ts";
import { exampleStacks } from "../support/example-stacks.ts";
import { mapOutput, resources, sources, synthesized, type StackDocument } from "../support/synthesized-stacks.ts";

const stacks = synthesized(sources());
const both = ["primary", "secondary"] as const;

describe.each(both)("outputs of %s", (name) => {
  const outputs = ours(stacks[name]);

  it("are the contract's, each of them and no other", () => {
    expect(stackOutputsSchema.strict().safeParse(outputs).error?.issues).toBeUndefined();
  });

  it("have the same name in Terraform and in cdktf's outputs file", () => {
    const metadata = stacks[name]["//"].outputs[name];
    for (const output of Object.keys(outputs)) expect(metadata?.[output]).toBe(output);
  });

  it("hold no secret", () => {
    expect(JSON.stringify(outputs)).not.toMatch(/secret_string|random_password|master_password|auth_token/);
  });

  it("name the components as AWS will know them", () => {
    const components = componentsSchema.parse(outputs["components"]);
    for (const { type, id } of Object.values(components)) expect(realNames(stacks[name], type)).toContain(id);
    expect(Object.keys(components).length).toBeGreaterThan(4);
  });

  it("export what others look up", () => {
    expect(outputs["exports"]).toMatchObject({
      "tap-prod-alb-arn": expect.stringContaining("aws_lb."),
      "tap-prod-tenants-table-arn": expect.stringContaining("aws_dynamodb_table"),
      "tap-prod-aurora-cluster-id": outputs["aurora_cluster_id"],
      "tap-prod-redis-replication-group-id": outputs["redis_replication_group_id"],
      "tap-prod-target-group-full-names": (outputs["target_group_full_names"] as readonly string[]).join(","),
    });
  });
});

describe.each(exampleStacks())("exports of $name: $stack", ({ document, environment }) => {
  const suffix = environment === "production" ? "prod" : "staging";
  const outputs = ours(document);
  const exported = mapOutput(document, "exports");

  it("hold nothing that a reader of outputs would take for another: each key is a table's, or ends in an output's name", () => {
    const known = Object.keys(stackOutputsSchema.shape).map((output) => output.replaceAll("_", "-"));
    const keys = Object.keys(exported).map((key) => key.replace(`tap-${suffix}-`, ""));
    expect(keys.filter((key) => !known.includes(key) && !/-table-(?:name|arn|stream-arn)$/.test(key))).toEqual([]);
  });

  it("leave out no output but the maps and the names of the environment", () => {
    const expected = Object.keys(outputs).filter((name) => !["components", "dynamodb_tables", "environment_suffix", "exports", "stack_name"].includes(name));
    expect(Object.keys(exported)).toEqual(expect.arrayContaining(expected.map((name) => `tap-${suffix}-${name.replaceAll("_", "-")}`)));
    for (const [key, table] of Object.entries(mapOutput(document, "dynamodb_tables"))) {
      const { name, arn, stream_arn } = tableSchema.parse(table);
      expect(exported).toMatchObject({ [`tap-${suffix}-${key}-table-name`]: name, [`tap-${suffix}-${key}-table-arn`]: arn });
      expect(exported[`tap-${suffix}-${key}-table-stream-arn`]).toBe(stream_arn);
    }
  });
});

const tableSchema = z.object({ name: z.string(), arn: z.string(), stream_arn: z.string().optional() });

it("subnets of a VPC that is only read are exported, too", () => {
  const { primary } = synthesized(sources({ blueprint: "web", network: "default", peering: "none" }));
  const exported = mapOutput(primary, "exports");
  expect(exported["tap-prod-public-subnet-ids"]).toMatch(/^\$\{join\(",", data\.aws_subnets\.[\w-]+\.ids\)\}$/);
  expect(exported).not.toHaveProperty("tap-prod-private-subnet-ids");
});

describe("components", () => {
  it("of the secondary leave out copies of global tables, whose sizes are the owner's", () => {
    expect(Object.keys(mapOutput(stacks.primary, "components"))).toContain("tables.tenants");
    expect(Object.keys(mapOutput(stacks.secondary, "components"))).not.toContain("tables.tenants");
  });

  it("all can be sized: each path is one that a sizing file has", () => {
    const paths = Object.keys(mapOutput(stacks.primary, "components"));
    expect(paths.map((path) => path.split(".")[0])).toEqual(expect.arrayContaining(["compute", "tables", "aurora", "redis"]));
  });
});

const nameArguments = ["name", "identifier", "cluster_identifier", "replication_group_id"];

function realNames(document: StackDocument, type: string): readonly unknown[] {
  return resources(document, type).flatMap(({ values }) => nameArguments.map((argument) => values[argument]).filter((value) => value !== undefined));
}

/** cdktf's own outputs between stacks are no part of the contract. */
function ours(document: StackDocument): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(document.output)
      .filter(([name]) => !name.startsWith("cross-stack-output-"))
      .map(([name, output]) => [name, output.value]),
  );
}
