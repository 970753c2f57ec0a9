import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../../contract/user-error.ts";
import { arn, held, parsed, tf, userErrorOf } from "../../../support/parsed-outputs.ts";

/** Outputs of several shapes, each whole as far as what is read goes. */
const bases: readonly Readonly<Record<string, unknown>>[] = [
  {
    aws_region: tf("eu-west-1"),
    autoscaling_group_name: tf("g"),
    alb_arn: tf({ api: arn.alb("eu-west-1", "a"), admin: arn.alb("eu-west-1", "b") }),
    dynamodb_tables: tf({ o: { name: "orders", arn: arn.table("eu-west-1", "orders") }, u: { name: "users", hash_key: "id" } }),
    aurora_cluster_id: tf("db"),
    users_table_name: tf("a b"),
    odd_scaling_grup: tf("x"),
  },
  { Network: { AlbDns: "x-1.eu-central-1.elb.amazonaws.com" }, App: { AsgName: "g", Account: "123456789012" }, Data: { OrdersTable: "orders-1" } },
  { primary_region: "us-east-1", dr_region: "us-west-2", primary_asg_name: "a", dr_asg_name: "b", asg_arn: arn.asg("us-east-1", "c") },
];

/** Outputs that are refused, with several witnesses for each side. */
const refused: readonly Readonly<Record<string, unknown>>[] = [
  {
    b_topic: arn.of("sns", "us-east-1", "t"),
    a_topic: arn.of("sns", "us-east-1", "u"),
    c_topic: arn.of("sns", "us-west-2", "t"),
    asg_name: "g",
    table_names: ["users", "orders"],
  },
  {
    b_asg_arn: arn.asg("us-east-1", "b"),
    a_asg_arn: arn.asg("us-east-1", "a"),
    d_asg_arn: arn.asg("us-east-1", "d", "aws", "210987654321"),
    c_asg_arn: arn.asg("us-east-1", "c", "aws", "210987654321"),
  },
  { b: arn.asg("us-east-1"), a: arn.table("us-east-1"), d: arn.asg("cn-north-1", "d", "aws-cn"), c: arn.table("cn-north-1", "c", "aws-cn") },
  { b_region: "moon-2", a_region: "moon-1", asg_name: "g" },
];

function reordered(value: unknown, order: (length: number) => readonly number[]): unknown {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(order(entries.length).map((index) => [entries[index]![0], reordered(entries[index]![1], order)]));
}

describe("outputs of any order and with anything beside them", () => {
  it("say the same whatever the order of keys", () => {
    fc.assert(
      fc.property(fc.constantFrom(...bases), fc.array(fc.double({ noNaN: true }), { minLength: 12, maxLength: 12 }), (base, weights) => {
        const order = (length: number) => Array.from({ length }, (_, index) => index).sort((a, b) => (weights[a] ?? 0) - (weights[b] ?? 0));
        expect(parsed(reordered(base, order))).toEqual(parsed(base));
      }),
    );
  });

  it("are refused in the same words whatever the order of keys", () => {
    fc.assert(
      fc.property(fc.constantFrom(...refused), fc.array(fc.double({ noNaN: true }), { minLength: 6, maxLength: 6 }), (outputs, weights) => {
        const order = (length: number) => Array.from({ length }, (_, index) => index).sort((a, b) => (weights[a] ?? 0) - (weights[b] ?? 0));
        expect(userErrorOf(() => parsed(reordered(outputs, order))).message).toBe(userErrorOf(() => parsed(outputs)).message);
      }),
    );
  });

  it("say the same whatever else stands beside them", () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("any")),
        fc.dictionary(fc.constantFrom("a", "b", "name", "arn", "x_y"), tie("any")),
      ),
    })).any;
    fc.assert(
      fc.property(fc.constantFrom(...bases), fc.dictionary(fc.stringMatching(/^noise[a-z]{0,4}$/), value), (base, noise) => {
        const { deployments, owner, missing } = parsed({ ...base, ...noise });
        expect({ deployments, owner, missing }).toEqual({ deployments: parsed(base).deployments, owner: parsed(base).owner, missing: parsed(base).missing });
      }),
    );
  });

  it("may be as long as a file is: a list of more than a call takes arguments, and lines without end", () => {
    const plain = { aws_region: "eu-west-1", asg_name: "g" };
    expect(held(parsed({ ...plain, keys: Array.from({ length: 150_000 }, () => "k") }))).toEqual(["eu-west-1: asg g"]);
    expect(held(parsed(`${"\n".repeat(300_000)}${JSON.stringify(plain)}`))).toEqual(["eu-west-1: asg g"]);
  });

  it("never crash: any JSON under any key gives deployments or a UserError", () => {
    const key = fc.oneof(
      fc.constantFrom(
        "asg_name",
        "alb",
        "tables",
        "aws_region",
        "Stacks",
        "Exports",
        "Outputs",
        "StackId",
        "StackName",
        "OutputKey",
        "OutputValue",
        "data",
        "attributes",
      ),
      fc.constantFrom(
        "name",
        "arn",
        "value",
        "sensitive",
        "type",
        "components",
        "outputs",
        "terraform_version",
        "us-east-1",
        "ExportsOutputRefA",
        "account_id",
        "dr_asg_name",
      ),
      fc.string(),
    );
    const text = fc.oneof(
      fc.constantFrom(
        arn.asg("us-east-1"),
        arn.alb("cn-north-1"),
        "arn:aws:::",
        "us-east-1a",
        "https://x.us-east-1.amazonaws.com",
        "{",
        '["a"]',
        '{"name":"x"}',
      ),
      fc.string(),
    );
    const { any } = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 5 }, text, fc.double(), fc.boolean(), fc.constant(null), fc.array(tie("any")), fc.dictionary(key, tie("any"))),
    }));
    fc.assert(
      fc.property(any, fc.option(fc.constantFrom("asg_name=x", "asg_name=name")), (json, map) => {
        try {
          expect(parsed(json, map === null ? {} : { map: [map] }).deployments.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
