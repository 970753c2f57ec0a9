import { describe, expect, it } from "vitest";
import { attributesOf } from "../../../simulation/deployment/live-arguments.ts";
import { services } from "../../../simulation/services.ts";
import { evaluateStacks } from "../../../simulation/terraform/evaluate.ts";
import { readStackDocument, type StackDocuments } from "../../../simulation/terraform/stack-document.ts";
import { fixtureStacks } from "../../support/terraform-fixture.ts";

function evaluated(stacks: StackDocuments) {
  return evaluateStacks(
    Object.entries(stacks).map(([name, json]) => readStackDocument(name, json)),
    { accountId: "123456789012", attributes: attributesOf(services) },
  );
}

function oneStack(resource: object, output: object = {}, more: object = {}) {
  return evaluated({ only: { provider: { aws: [{ region: "us-east-1" }, { alias: "peer", region: "us-west-2" }] }, resource, output, ...more } });
}

const value = (output: unknown, resource: object = {}, more: object = {}) => oneStack(resource, { it: { value: output } }, more).outputs["only"]?.["it"]?.value;

describe("evaluateStacks", () => {
  it("gives outputs in Terraform's form and types", () => {
    const { outputs } = evaluated(fixtureStacks());
    expect(outputs["primary"]?.["asg_name"]).toEqual({ sensitive: false, type: "string", value: "tap-test-asg" });
    expect(outputs["primary"]?.["dynamodb_tables"]).toEqual({
      sensitive: false,
      type: ["object", { tenants: ["object", { name: "string", arn: "string" }] }],
      value: { tenants: { name: "tap-test-tenants", arn: "arn:aws:dynamodb:us-east-1:123456789012:table/tap-test-tenants" } },
    });
    expect(outputs["primary"]?.["subnet_ids"]).toMatchObject({ type: ["tuple", ["string", "string"]] });
    expect(outputs["primary"]?.["redis_auth"]).toMatchObject({ sensitive: true });
  });

  it("gives a multi-Region key and its copy one id, in two regions", () => {
    const keys = {
      aws_kms_key: { first: { multi_region: true }, plain: {} },
      aws_kms_replica_key: { copy: { provider: "aws.peer", primary_key_arn: "${aws_kms_key.first.arn}" } },
    };
    const id = String(value("${aws_kms_key.first.key_id}", keys));
    expect(id).toMatch(/^mrk-[0-9a-f]{32}$/);
    expect(value("${aws_kms_replica_key.copy.arn}", keys)).toBe(`arn:aws:kms:us-west-2:123456789012:key/${id}`);
    expect(value("${aws_kms_replica_key.copy.key_id}", keys)).toBe(id);
    expect(value("${aws_kms_key.plain.key_id}", keys)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it("follows references to other stacks", () => {
    const { resources } = evaluated(fixtureStacks());
    const cluster = resources.find((resource) => resource.address === "secondary/aws_rds_cluster.cluster");
    expect(cluster?.arguments["global_cluster_identifier"]).toBe("tap-test-global");
  });

  it("gives the same identifiers each time, and others for other resources", () => {
    const ids = () => evaluated(fixtureStacks()).outputs["primary"]?.["subnet_ids"]?.value as string[];
    expect(ids()).toEqual(ids());
    expect(new Set(ids()).size).toBe(2);
    expect(ids()[0]).toMatch(/^subnet-0[0-9a-f]{16}$/);
  });

  it("resolves templates, indexes and escapes", () => {
    const vpc = { aws_vpc: { v: { cidr_block: "10.0.0.0/16", tags: { Name: "n" }, blocks: [{ x: "first" }], once: { y: "alone" } } } };
    expect(value("vpc ${aws_vpc.v.cidr_block}!", vpc)).toBe("vpc 10.0.0.0/16!");
    expect(value('${aws_vpc.v.tags["Name"]}', vpc)).toBe("n");
    expect(value("${aws_vpc.v.blocks[0].x}", vpc)).toBe("first");
    expect(value("${aws_vpc.v.once[0].y}", vpc)).toBe("alone");
    expect(value("$${aws:username}", vpc)).toBe("${aws:username}");
    expect(value("${aws_vpc.v.tags}", vpc)).toEqual({ Name: "n" });
  });

  it("answers data sources as of the provider's region", () => {
    const data = { data: { aws_availability_zones: { z: { provider: "aws.peer" } }, aws_caller_identity: { me: {} } } };
    expect(value("${data.aws_availability_zones.z.names[1]}", {}, data)).toBe("us-west-2b");
    expect(value("${data.aws_caller_identity.me.account_id}", {}, data)).toBe("123456789012");
  });

  it("puts a resource into its provider's region", () => {
    const { resources } = oneStack({ aws_kms_key: { here: {}, there: { provider: "aws.peer" } } });
    expect(resources.map((resource) => [resource.region, String(resource.attribute("arn")).split(":")[3]])).toEqual([
      ["us-east-1", "us-east-1"],
      ["us-west-2", "us-west-2"],
    ]);
  });

  it.each([
    ["an attribute nobody can compute", "${aws_vpc.v.mystery}", "the attribute mystery of only/aws_vpc.v"],
    ["a resource that is not there", "${aws_vpc.w.id}", "aws_vpc.w"],
    ["a function", "${jsonencode(aws_vpc.v.tags)}", "is no plain reference"],
    ["a splat", "${aws_vpc.v.blocks[*].x}", "is no plain reference"],
    ["a stack that is not there", "${data.terraform_remote_state.cross-stack-reference-input-other.outputs.x}", "no stack of that name"],
    ["a list inside a text", "a${aws_vpc.v.blocks}", "puts a list or a map into text"],
    ["a circle", "${aws_vpc.v.loop}", "which refers to itself"],
  ])("names %s", (_what, output, message) => {
    const resource = { aws_vpc: { v: { cidr_block: "10.0.0.0/16", blocks: [{ x: 1 }] } } };
    const looped = output.includes("loop") ? { aws_vpc: { v: { loop: "${aws_vpc.v.loop}" } } } : resource;
    expect(() => value(output, looped)).toThrowError(expect.objectContaining({ code: "not-simulated", message: expect.stringContaining(message) }));
  });

  it.each([
    ["no provider", { resource: {} }, "stack-document"],
    ["something else than an object", [], "stack-document"],
    ["count", { provider: { aws: [{ region: "us-east-1" }] }, resource: { aws_vpc: { v: { count: 2 } } } }, "not-simulated"],
    ["a provider nobody declared", { provider: { aws: [{ region: "us-east-1" }] }, resource: { aws_vpc: { v: { provider: "aws.mars" } } } }, "not-simulated"],
  ])("refuses a document with %s", (_what, document, code) => {
    expect(() => evaluated({ only: document })).toThrowError(expect.objectContaining({ code }));
  });
});
