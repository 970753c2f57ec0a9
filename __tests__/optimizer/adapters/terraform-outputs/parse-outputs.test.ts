import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../../contract/user-error.ts";
import type { Deployment } from "../../../../optimizer/core/model/deployment.ts";
import { parseOutputs, type OutputsDocument } from "../../../../optimizer/adapters/terraform-outputs/parse-outputs.ts";

function fixture(name: string): OutputsDocument {
  return { source: name, text: readFileSync(new URL(`../../../fixtures/outputs/${name}`, import.meta.url), "utf8") };
}

function inline(value: unknown): OutputsDocument {
  return { source: "outputs.json", text: JSON.stringify(value) };
}

function identifiersOf({ loadBalancers, autoScalingGroups, tables, auroraClusters, redisReplicationGroups }: Deployment) {
  return { loadBalancers, autoScalingGroups, tables: tables.map(({ name }) => name), auroraClusters, redisReplicationGroups };
}

function errorOf(act: () => unknown): UserError {
  try {
    act();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const primary = {
  loadBalancers: ["app/tap-production-alb/50dc6c495c0c9188"],
  autoScalingGroups: ["tap-production-asg"],
  tables: ["tap-production-audit_logs", "tap-production-tenants", "tap-production-users"],
  auroraClusters: ["tap-production-aurora"],
  redisReplicationGroups: ["tap-production-redis"],
};
const secondary = { ...primary, loadBalancers: ["app/tap-production-alb/1f2e3d4c5b6a7988"], tables: ["tap-production-audit_logs"] };

describe("shapes of outputs", () => {
  it.each([
    ["terraform output -json of two stacks", [fixture("terraform-output-primary.json"), fixture("terraform-output-secondary.json")]],
    [
      "both in one pipe, with byte order marks",
      [
        {
          source: "standard input",
          text: `\uFEFF${fixture("terraform-output-primary.json").text}\uFEFF${fixture("terraform-output-secondary.json").text}`,
        },
      ],
    ],
    ["cdktf --outputs-file", [fixture("cdktf-outputs-file.json")]],
    ["cdktf, nested by construct", [fixture("cdktf-nested-by-construct.json")]],
    ["CloudFormation lists by stack", [fixture("cloudformation-by-stack.json")]],
  ])("reads the same two regions from %s", (_, documents) => {
    const { deployments, missing, warnings } = parseOutputs(documents);
    expect(deployments.map(({ region }) => region)).toEqual(["us-east-1", "us-west-2"]);
    expect(deployments.map(identifiersOf)).toEqual([primary, secondary]);
    expect(deployments.map(({ environmentSuffix }) => environmentSuffix)).toEqual(["production", "production"]);
    expect(missing).toEqual([]);
    expect(warnings.filter((warning) => !warning.includes("stack_name"))).toEqual([]);
  });

  it("keeps stack names and components of a cdktf outputs file", () => {
    const { deployments } = parseOutputs([fixture("cdktf-outputs-file.json")]);
    expect(deployments.map(({ stacks }) => stacks)).toEqual([["primary"], ["secondary"]]);
    expect(deployments[0]?.components["primary"]?.["compute"]).toEqual({ type: "aws_autoscaling_group", id: "tap-production-asg" });
    expect(Object.keys(deployments[1]?.components ?? {})).toEqual(["secondary"]);
  });

  it("takes the stack's name from the output stack_name", () => {
    const outputs = { stack_name: "primary", stack_region: "eu-west-1", asg_name: "a", components: { compute: { type: "aws_autoscaling_group", id: "a" } } };
    const { deployments, warnings } = parseOutputs([inline(outputs)]);
    expect(deployments[0]?.stacks).toEqual(["primary"]);
    expect(deployments[0]?.components).toEqual({ primary: outputs.components });
    expect(warnings).toEqual([]);
  });

  it("reads flat CloudFormation outputs, and no route table as a table", () => {
    const { deployments, missing } = parseOutputs([fixture("cloudformation-flat.json")]);
    expect(deployments.map(identifiersOf)).toEqual([{ ...primary, tables: ["tap-production-tenants", "tap-production-users"] }]);
    expect(deployments[0]?.targetGroups).toHaveLength(2);
    expect(missing).toEqual([]);
  });

  it("reads a CloudFormation list, with a table's stream", () => {
    const [deployment] = parseOutputs([fixture("cloudformation-list.json")]).deployments;
    expect(deployment && identifiersOf(deployment)).toEqual(primary);
    expect(deployment?.tables[0]?.streamArn).toMatch(/audit_logs\/stream\//);
  });

  it("reads kebab exports of any suffix, flat and in the exports map", () => {
    const [flat] = parseOutputs([fixture("kebab-exports.json")]).deployments;
    expect(flat?.region).toBe("eu-central-1");
    expect(flat?.environmentSuffix).toBe("pr-17");
    expect(flat?.auroraClusters).toEqual(["tap-pr-17-aurora"]);
    const [mapped] = parseOutputs([fixture("exports-only.json")]).deployments;
    expect(mapped).toMatchObject({ region: "eu-west-1", environmentSuffix: "staging", autoScalingGroups: ["tap-staging-asg"] });
    expect(mapped?.tables.map(({ name }) => name)).toEqual(["tap-staging-tenants"]);
  });

  it("takes a table whose name, ARN and stream are exported one by one for one table, and subnets for nothing it knows", () => {
    const table = "arn:aws:dynamodb:eu-west-1:123456789012:table/tap-staging-tenants";
    const exported = {
      "tap-staging-stack-region": "eu-west-1",
      "tap-staging-public-subnet-ids": "subnet-1,subnet-2",
      "tap-staging-logs-bucket-arn": "arn:aws:s3:::tap-staging-logs-123456789012-eu-west-1",
      "tap-staging-tenants-table-name": "tap-staging-tenants",
      "tap-staging-tenants-table-arn": table,
      "tap-staging-tenants-table-stream-arn": `${table}/stream/2026-01-01T00:00:00.000`,
    };
    const { deployments, warnings } = parseOutputs([inline({ exports: exported })]);
    expect(deployments).toMatchObject([{ region: "eu-west-1", environmentSuffix: "staging", tables: [{ name: "tap-staging-tenants" }] }]);
    expect(warnings).toEqual([]);
  });

  it("drops sensitive values and cross-stack outputs", () => {
    const documents = [
      fixture("terraform-output-primary.json"),
      inline({ asg_name: { sensitive: true, type: "string", value: "canary-secret-9f8e7d" }, "cross-stack-output-asg_name": "x" }),
    ];
    expect(JSON.stringify(parseOutputs(documents))).not.toMatch(/canary-secret|cross-stack/);
  });
});

describe("regions of identifiers", () => {
  const arnIn = (region: string): string => `arn:aws:dynamodb:${region}:123456789012:table/users`;

  it("assumes us-east-1 with a warning when nothing names a region", () => {
    const { deployments, warnings } = parseOutputs([inline({ AsgName: "group" })]);
    expect(deployments[0]?.region).toBe("us-east-1");
    expect(warnings).toEqual([expect.stringContaining("us-east-1 is assumed")]);
  });

  it("gives outputs that name none the region of --region, without a warning", () => {
    const { deployments, warnings } = parseOutputs([inline({ AsgName: "group" })], { regions: ["eu-north-1"] });
    expect(deployments[0]?.region).toBe("eu-north-1");
    expect(warnings).toEqual([]);
  });

  it("filters by --region", () => {
    const { deployments } = parseOutputs([fixture("cdktf-outputs-file.json")], { regions: ["us-west-2"] });
    expect(deployments.map(identifiersOf)).toEqual([secondary]);
  });

  it("takes the region of the ARNs, and refuses a --region that contradicts it", () => {
    const document = inline({ TableName: "users", TableArn: arnIn("eu-west-1"), AsgName: "group" });
    expect(parseOutputs([document]).deployments).toMatchObject([{ region: "eu-west-1", autoScalingGroups: ["group"] }]);
    const error = errorOf(() => parseOutputs([document], { regions: ["us-east-1"] }));
    expect(error.code).toBe("region-conflict");
    expect(error.message).toContain("eu-west-1");
  });

  it("never uses an identifier in another region than its ARN's", () => {
    const document = inline({ stack_region: "us-east-1", dynamodb_tables: { users: { name: "users", arn: arnIn("eu-west-1") } }, asg_name: "group" });
    const { deployments, warnings } = parseOutputs([document]);
    expect(deployments.map(({ region, tables, autoScalingGroups }) => [region, tables.length, autoScalingGroups.length])).toEqual([
      ["eu-west-1", 1, 0],
      ["us-east-1", 0, 1],
    ]);
    expect(warnings).toEqual([expect.stringContaining("users is in eu-west-1 by its ARN")]);
  });

  it("does not guess between the regions of several ARNs: it quotes them", () => {
    const error = errorOf(() => parseOutputs([inline({ UsersTableArn: arnIn("eu-west-1"), OrdersTableArn: arnIn("us-west-2"), AsgName: "group" })]));
    expect(error.code).toBe("outputs-two-regions");
    for (const quoted of ["AsgName", "UsersTableArn", arnIn("eu-west-1"), "OrdersTableArn", arnIn("us-west-2")]) expect(error.message).toContain(quoted);
  });

  it.each(["moon-1", "us-east", "US-EAST-1", "../us-east-1"])("refuses the region %s", (region) => {
    expect(errorOf(() => parseOutputs([inline({ stack_region: region, asg_name: "g" })])).code).toBe("unknown-region");
    expect(errorOf(() => parseOutputs([inline({ asg_name: "g" })], { regions: [region] })).message).toContain("--region");
  });

  it("refuses a stack that names two regions", () => {
    expect(errorOf(() => parseOutputs([inline({ stack_region: "us-east-1", StackRegion: "us-west-2", asg_name: "g" })])).code).toBe("outputs-two-regions");
  });
});

describe("what is missing or wrong", () => {
  it("tells each missing component with its reason, and goes on", () => {
    const { deployments, missing } = parseOutputs([
      inline({ stack_region: "us-east-1", asg_name: "group", alb_full_name: "my-alb", redis_replication_group_id: null }),
    ]);
    expect(deployments[0]?.autoScalingGroups).toEqual(["group"]);
    expect(missing.map(({ component }) => component)).toEqual(["load balancer", "DynamoDB tables", "Aurora cluster", "Redis replication group"]);
    expect(missing[0]?.reason).toBe('outputs.json, alb_full_name: "my-alb" is not app/<name>/<id> or the ARN of an application load balancer');
  });

  it.each([
    ["a number for a name", { asg_name: 7 }, "outputs.json, asg_name: expected a text or a list of texts, found a number"],
    [
      "a flag among names",
      { stack_region: "us-east-1", asg_name: ["web", true] },
      "outputs.json, asg_name: expected a text or a list of texts, found a boolean",
    ],
  ])("refuses %s, naming file, key and what was expected", (_, outputs, message) => {
    const error = errorOf(() => parseOutputs([inline(outputs)]));
    expect(error.code).toBe("outputs-wrong-type");
    expect(error.message).toContain(message);
  });

  it("refuses outputs without any identifier", () => {
    const error = errorOf(() => parseOutputs([inline({ vpc_id: "vpc-1", unrelated: { asg: 1 } })]));
    expect(error.code).toBe("outputs-no-identifier");
    expect(error.message).toContain("outputs.json");
  });

  it.each(["7", '"text"', "null"])("refuses the document %s", (text) => {
    expect(errorOf(() => parseOutputs([{ source: "f", text }])).code).toBe("outputs-wrong-shape");
  });
});

describe("properties", () => {
  const names = ["terraform-output-primary.json", "terraform-output-secondary.json", "cdktf-outputs-file.json", "kebab-exports.json", "exports-only.json"];

  it("gives the same deployments however documents are concatenated and ordered", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: 1 }), fc.array(fc.constantFrom(" ", "\n", "\uFEFF", "")), (chosen, gaps) => {
        const documents = chosen.map(fixture);
        const text = documents.map((document, index) => `${document.text}${gaps[index] ?? ""}`).join("");
        const apart = parseOutputs(documents).deployments;
        expect(parseOutputs([{ source: "joined", text }]).deployments).toEqual(apart);
        expect(parseOutputs(documents.toReversed()).deployments).toEqual(apart);
      }),
    );
  });

  it("answers any JSON with deployments or a UserError, never with another error", () => {
    const key = fc.oneof(
      fc.constantFrom("asg_name", "stack_region", "dynamodb_tables", "exports", "components", "value", "type", "OutputKey", "OutputValue"),
      fc.string(),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.array(tie("value")), fc.dictionary(key, tie("value"))),
    }));
    fc.assert(
      fc.property(value, (json) => {
        try {
          expect(parseOutputs([inline(json)]).deployments.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});
