import { describe, expect, it } from "vitest";
import { overlap, parseCidr } from "../../constructs/network/cidr.ts";
import { certificatesOf, only, resources, sources, synthesizedAll, type NamedStack, type StackDocument } from "../support/synthesized-stacks.ts";

/** Production stacks in these regions; `sizing` by stack name. */
function stacksIn(regions: readonly string[], sizing: Readonly<Record<string, object>> = {}): readonly NamedStack[] {
  const files = Object.fromEntries(Object.entries(sizing).map(([stack, sizes]) => [`prod/${stack}.json`, { version: 1, ...sizes }]));
  return synthesizedAll(sources({ regions, certificateArn: certificatesOf(regions) }, files));
}

function stackNamed(stacks: readonly NamedStack[], name: string): StackDocument {
  const found = stacks.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no stack ${name}`);
  return found.stack;
}

function providers(stack: StackDocument): readonly unknown[] {
  return stack.provider.aws.map(({ alias, region }) => [alias, region]);
}

/** Stacks whose state this one reads. */
function readsFrom(stack: StackDocument): readonly unknown[] {
  return Object.values(stack.data["terraform_remote_state"] ?? {}).map(({ config }) => (config as { readonly path: string }).path);
}

function cidr(stack: StackDocument): string {
  return String(only(stack, "aws_vpc")["cidr_block"]);
}

const primaryState = "../../../state/prod/primary.tfstate";

describe("three regions", () => {
  const regions = ["us-east-1", "us-west-2", "eu-west-1"];
  const stacks = stacksIn(regions);
  const [east, west, europe] = ["primary", "secondary", "secondary-eu-west-1"].map((name) => stackNamed(stacks, name));
  if (east === undefined || west === undefined || europe === undefined) throw new Error("a stack is missing");

  it("each secondary has a provider for the primary's region, the primary one for each of theirs", () => {
    expect(providers(east)).toEqual([
      [undefined, "us-east-1"],
      ["us-west-2", "us-west-2"],
      ["eu-west-1", "eu-west-1"],
    ]);
    expect(providers(west)).toEqual([
      [undefined, "us-west-2"],
      ["us-east-1", "us-east-1"],
    ]);
    expect(providers(europe)).toEqual([
      [undefined, "eu-west-1"],
      ["us-east-1", "us-east-1"],
    ]);
  });

  it("each secondary reads the primary's state and no other; the primary reads none", () => {
    expect([east, west, europe].map(readsFrom)).toEqual([[], [primaryState], [primaryState]]);
  });

  it("one global database and one pair of global tables, of which each secondary has a cluster and replicas", () => {
    const globals = (stack: StackDocument) =>
      ["aws_rds_global_cluster", "aws_rds_cluster", "aws_dynamodb_table", "aws_dynamodb_table_replica"].map((type) => resources(stack, type).length);
    expect([east, west, europe].map(globals)).toEqual([
      [1, 1, 3, 0],
      [0, 1, 1, 2],
      [0, 1, 1, 2],
    ]);
    for (const stack of [west, europe]) expect(only(stack, "aws_rds_cluster")["source_region"]).toBe("us-east-1");
  });

  it("no name that an account has once is taken by two stacks", () => {
    const unique: readonly (readonly [string, string])[] = [
      ["aws_iam_role", "name"],
      ["aws_iam_instance_profile", "name"],
      ["aws_iam_service_linked_role", "custom_suffix"],
      ["aws_cloudwatch_dashboard", "dashboard_name"],
      ["aws_s3_bucket", "bucket"],
      ["aws_rds_global_cluster", "global_cluster_identifier"],
    ];
    for (const [type, argument] of unique) {
      const names = [east, west, europe].flatMap((stack) => resources(stack, type).map(({ values }) => values[argument]));
      expect(names.length).toBeGreaterThan(0);
      expect([type, new Set(names).size]).toEqual([type, names.length]);
    }
  });

  it("no alias of a key is taken twice in a region, the copies of the primary's key included", () => {
    const aliases = [["us-east-1", east] as const, ["us-west-2", west] as const, ["eu-west-1", europe] as const].flatMap(([region, stack]) =>
      resources(stack, "aws_kms_alias").map(
        ({ values }) => `${typeof values["provider"] === "string" ? values["provider"] : `aws.${region}`} ${String(values["name"])}`,
      ),
    );
    expect(new Set(aliases).size).toBe(aliases.length);
    expect(aliases).toContain("aws.eu-west-1 alias/tap-prod-credentials");
  });

  it("addresses of any two are apart", () => {
    const blocks = [east, west, europe].map((stack) => parseCidr(cidr(stack)));
    expect([east, west, europe].map(cidr)).toEqual(["10.10.0.0/16", "10.20.0.0/16", "10.30.0.0/16"]);
    for (const [index, a] of blocks.entries()) for (const b of blocks.slice(index + 1)) expect(a && b && overlap(a, b)).toBe(false);
  });

  it("one of them given up leaves the others as they were, but for what the primary had there", () => {
    const left = stacksIn(regions, { secondary: { regionAbsent: true } });
    expect(resources(stackNamed(left, "secondary"))).toEqual([]);
    expect(readsFrom(stackNamed(left, "secondary"))).toEqual([]);
    expect(stackNamed(left, "secondary-eu-west-1").resource).toEqual(europe.resource);
    const primary = stackNamed(left, "primary");
    const addresses = new Set(resources(primary).map(({ address }) => address));
    expect(
      resources(east)
        .filter(({ address }) => !addresses.has(address))
        .map(({ type, values }) => [type, values["provider"]]),
    ).toEqual([
      ["aws_kms_alias", "aws.us-west-2"],
      ["aws_kms_replica_key", "aws.us-west-2"],
    ]);
    expect(providers(primary)).toEqual(providers(east));
  });
});

describe("one region alone", () => {
  const stacks = stacksIn(["us-east-1"]);
  const alone = stackNamed(stacks, "primary");

  it("is a primary without peers, ready for one: its database is global and its tables have streams", () => {
    expect(stacks).toHaveLength(1);
    expect(providers(alone)).toEqual([[undefined, "us-east-1"]]);
    expect(resources(alone, "aws_rds_global_cluster")).toHaveLength(1);
    expect(resources(alone, "aws_dynamodb_table").map(({ values }) => values["stream_enabled"])).toEqual([true, true, true]);
    expect(resources(alone).filter(({ values }) => values["provider"] !== undefined)).toEqual([]);
  });

  it("gets a second one without a change to what it has, but for the copies of the credentials", () => {
    const paired = new Map(resources(stackNamed(stacksIn(["us-east-1", "us-west-2"]), "primary")).map((resource) => [resource.address, resource]));
    const changed = resources(alone).filter(({ address, values }) => JSON.stringify(paired.get(address)?.values) !== JSON.stringify(values));
    expect(changed.map(({ type, values }) => [type, values["name"]])).toEqual([["aws_secretsmanager_secret", "tap-prod-aurora"]]);
  });
});

describe("the primary elsewhere", () => {
  const stacks = stacksIn(["us-west-2", "us-east-1"]);
  const [west, east] = [stackNamed(stacks, "primary"), stackNamed(stacks, "secondary")];

  it("owns the global tables and database there, and the other region has the copies", () => {
    expect(providers(west)).toEqual([
      [undefined, "us-west-2"],
      ["us-east-1", "us-east-1"],
    ]);
    expect(resources(west, "aws_rds_global_cluster")).toHaveLength(1);
    expect(resources(west, "aws_dynamodb_table")).toHaveLength(3);
    expect(resources(east, "aws_dynamodb_table_replica")).toHaveLength(2);
    expect(only(east, "aws_rds_cluster")["source_region"]).toBe("us-west-2");
    expect(resources(west, "aws_kms_replica_key").map(({ values }) => values["provider"])).toEqual(["aws.us-east-1"]);
  });

  it("every zone and endpoint is of the stack's region", () => {
    for (const [stack, region] of [
      [west, "us-west-2"],
      [east, "us-east-1"],
    ] as const) {
      for (const { values } of resources(stack, "aws_subnet")) expect(values["availability_zone"]).toMatch(new RegExp(`^${region}[abc]$`));
      for (const { values } of resources(stack, "aws_vpc_endpoint")) expect(values["service_name"]).toContain(`.${region}.`);
      expect(resources(stack, "aws_lb_listener").find(({ values }) => values["port"] === 443)?.values["certificate_arn"]).toContain(`:${region}:`);
    }
  });

  it("addresses go with the place in the list, unless they are said: whoever moves a running environment has to pin them", () => {
    expect([west, east].map(cidr)).toEqual(["10.10.0.0/16", "10.20.0.0/16"]);
    const regions = ["us-west-2", "us-east-1"];
    const pinned = synthesizedAll(
      sources({ regions, certificateArn: certificatesOf(regions), cidr: { "us-east-1": "10.10.0.0/16", "us-west-2": "10.20.0.0/16" } }),
    );
    expect(["primary", "secondary"].map((name) => cidr(stackNamed(pinned, name)))).toEqual(["10.20.0.0/16", "10.10.0.0/16"]);
  });
});
