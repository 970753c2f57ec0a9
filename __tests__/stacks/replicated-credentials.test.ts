import { describe, expect, it } from "vitest";
import { certificatesOf, only, resources, sources, synthesized, synthesizedAll, type StackDocument } from "../support/synthesized-stacks.ts";

const { primary, secondary } = synthesized(sources());
const westIsGivenUp = { "prod/secondary.json": { version: 1, regionAbsent: true } };

function databaseSecret(stack: StackDocument) {
  return resources(stack, "aws_secretsmanager_secret").find(({ values }) => values["name"] === "tap-prod-aurora")?.values;
}

function appStatements(stack: StackDocument): readonly { readonly Sid: string; readonly Resource: readonly string[] }[] {
  const app = resources(stack, "aws_iam_role_policy").find(({ values }) => values["name"] === "app");
  return JSON.parse(String(app?.values["policy"])).Statement;
}

function mayUse(stack: StackDocument, sid: string): readonly string[] {
  return appStatements(stack).find((statement) => statement.Sid === sid)?.Resource ?? [];
}

describe("the database's password", () => {
  const copy = resources(primary, "aws_kms_replica_key")[0];

  it("has a copy in the other region, under a key of that region", () => {
    expect(databaseSecret(primary)?.["replica"]).toEqual([{ region: "us-west-2", kms_key_id: `\${${copy?.address}.arn}` }]);
    expect(copy?.values).toMatchObject({ provider: "aws.us-west-2", deletion_window_in_days: 30 });
    expect(databaseSecret(secondary)).toBeUndefined();
  });

  it("is encrypted with a key of its own that may have copies, whichever regions there are", () => {
    const alone = synthesizedAll(sources({ regions: ["us-east-1"], certificateArn: certificatesOf(["us-east-1"]) }));
    for (const stack of [primary, ...alone.map((one) => one.stack)]) {
      const multiRegion = resources(stack, "aws_kms_key").filter(({ values }) => values["multi_region"] === true);
      expect(multiRegion.map(({ address }) => `\${${address}.arn}`)).toEqual([databaseSecret(stack)?.["kms_key_id"]]);
    }
    expect(copy?.values["primary_key_arn"]).toBe(databaseSecret(primary)?.["kms_key_id"]);
  });

  it("can be read by the instances of either region, and no other secret of the account", () => {
    const redis = (stack: StackDocument) =>
      `\${${resources(stack, "aws_secretsmanager_secret").find(({ values }) => values["name"] === "tap-prod-redis")?.address}.arn}`;
    expect(mayUse(primary, "Secrets")).toEqual([expect.stringMatching(/^\$\{aws_secretsmanager_secret\.aurora-secret.*\.arn\}$/), redis(primary)]);
    expect(mayUse(secondary, "Secrets")).toEqual([
      expect.stringMatching(/^arn:aws:secretsmanager:us-west-2:\$\{data\.aws_caller_identity\.caller\.account_id\}:secret:tap-prod-aurora-\?{6}$/),
      redis(secondary),
    ]);
  });

  it("can be decrypted there with the copy's key, and the database's own key is nobody's of them", () => {
    expect(mayUse(primary, "Keys")).toContain(databaseSecret(primary)?.["kms_key_id"]);
    expect(mayUse(secondary, "Keys")).toEqual([
      expect.stringContaining("tables-key"),
      expect.stringContaining("cache-key"),
      expect.stringMatching(/^\$\{data\.terraform_remote_state\..*aws_kms_replica_key.*arn\}$/),
    ]);
    for (const stack of [primary, secondary]) expect(mayUse(stack, "Keys").join()).not.toContain("database-key");
  });

  it("has no copy, and no key for one, where the other region was given up", () => {
    const left = synthesized(sources({}, westIsGivenUp)).primary;
    expect(databaseSecret(left)).not.toHaveProperty("replica");
    expect(resources(left, "aws_kms_replica_key")).toEqual([]);
    // Terraform removes what was there through the provider that made it.
    expect(left.provider.aws.map(({ region }) => region)).toEqual(["us-east-1", "us-west-2"]);
  });

  it("has a copy in each of several regions, each with an alias of its own", () => {
    const regions = ["us-east-1", "us-west-2", "eu-west-1"];
    const [first, ...others] = synthesizedAll(sources({ regions, certificateArn: certificatesOf(regions) })).map(({ stack }) => stack);
    const aliases = first === undefined ? [] : resources(first, "aws_kms_alias").filter(({ values }) => values["name"] === "alias/tap-prod-credentials");
    expect(aliases.map(({ values }) => values["provider"])).toEqual(expect.arrayContaining([undefined, "aws.us-west-2", "aws.eu-west-1"]));
    expect(first && databaseSecret(first)?.["replica"]).toMatchObject([{ region: "us-west-2" }, { region: "eu-west-1" }]);
    expect(others.map((stack) => mayUse(stack, "Keys").filter((arn) => arn.includes("credentials")))).toEqual([
      [expect.stringContaining("credentials-key-us-west-2")],
      [expect.stringContaining("credentials-key-eu-west-1")],
    ]);
  });
});

it("the key of a component that sizing took away stays, the secret goes with it", () => {
  const gone = { version: 1, aurora: { absent: true } };
  const without = synthesized(sources({}, { "prod/primary.json": gone, "prod/secondary.json": gone }));
  expect(databaseSecret(without.primary)).toBeUndefined();
  expect(resources(without.primary, "aws_kms_key").filter(({ values }) => values["multi_region"] === true)).toHaveLength(1);
  expect(mayUse(without.secondary, "Secrets")).toHaveLength(1);
  expect(only(without.secondary, "aws_elasticache_replication_group")).toBeDefined();
});
