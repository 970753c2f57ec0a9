import { describe, expect, it } from "vitest";
import { runCommandLine } from "../../../optimizer/commands/parser.ts";
import type { World } from "../../../optimizer/composition/world.ts";
import { parseOutputs } from "../../../optimizer/adapters/terraform-outputs/parse-outputs.ts";
import type { PolicyDocument } from "../../../optimizer/core/permissions/policy-document.ts";
import type { RunEvent } from "../../../optimizer/ports/reporter.ts";
import { policySchema } from "../../../optimizer/core/model/policy.ts";
import { type MemoryShell, memoryShell } from "../../support/memory-shell.ts";

const outputs = JSON.stringify({
  stack_region: "us-east-1",
  asg_name: "tap-prod-asg",
  alb_arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/tap/0123456789abcdef",
});

function looking(events: RunEvent[] = [], policy: object = {}): MemoryShell {
  const world: Pick<World, "readPolicy" | "readOutputs" | "parseOutputs" | "reporter"> = {
    readPolicy: async () => policySchema.parse(policy),
    readOutputs: async (files) => files.map((source) => ({ source, text: outputs })),
    parseOutputs: (documents, regions, map = []) => parseOutputs(documents, { regions, map }),
    reporter: { tell: (event) => void events.push(event) },
  };
  return memoryShell({ world: world as unknown as World });
}

async function printed(...argv: readonly string[]): Promise<PolicyDocument> {
  const shell = looking();
  expect(await runCommandLine(["iam-policy", ...argv], shell)).toBe(0);
  expect(shell.shown).toEqual([]);
  return JSON.parse(shell.results.join("")) as PolicyDocument;
}

function actionsIn({ Statement }: PolicyDocument): readonly string[] {
  return Statement.flatMap(({ Action }) => Action);
}

describe("iam-policy", () => {
  it("prints a policy and nothing else: what reading takes, what acting takes besides, or both", async () => {
    const [read, act, both] = [actionsIn(await printed("--read")), actionsIn(await printed("--act")), actionsIn(await printed())];
    expect(read).toContain("cloudwatch:GetMetricData");
    expect(read.filter((action) => !/:(?:Describe|Get|List|Lookup)/.test(action))).toEqual([]);
    expect(act).toContain("rds:FailoverDBCluster");
    expect(act.filter((action) => read.includes(action))).toEqual([]);
    expect(both.toSorted()).toEqual([...read, ...act].toSorted());
  });

  it("lets the topic be published to that the policy pages, and none without one", async () => {
    const snsTopicArn = "arn:aws:sns:us-east-1:123456789012:on-call";
    const shell = looking([], { paging: { snsTopicArn } });
    expect(await runCommandLine(["iam-policy", "--act"], shell)).toBe(0);
    const { Statement } = JSON.parse(shell.results.join("")) as PolicyDocument;
    expect(Statement.filter(({ Action }) => Action.includes("sns:Publish"))).toMatchObject([{ Action: ["sns:Publish"], Resource: [snsTopicArn] }]);
    expect(actionsIn(await printed("--act"))).not.toContain("sns:Publish");
  });

  it("is narrowed to the rules that are named, and to phases that are not skipped", async () => {
    const capacity = actionsIn(await printed("--act", "--rules", "asg.capacity"));
    expect(capacity.toSorted()).toEqual(["autoscaling:UpdateAutoScalingGroup", "ec2:CreateTags", "ec2:RunInstances", "iam:PassRole"]);
    const both = actionsIn(await printed("--act", "--rules", "asg.capacity,s3.lifecycle"));
    expect(both).toContain("s3:PutLifecycleConfiguration");
    const early = actionsIn(await printed("--act", "--skip-phases", "2,3"));
    expect(early).toContain("dynamodb:UpdateTable");
    expect(early).not.toContain("rds:ModifyDBInstance");
  });

  it("is narrowed to what outputs name, of account and region, when they are given", async () => {
    const { Statement } = await printed("--act", "--outputs-file", "outputs.json");
    expect(Statement.find(({ Action }) => Action.includes("autoscaling:UpdateAutoScalingGroup"))?.Resource).toEqual([
      "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:*:autoScalingGroupName/tap-prod-asg",
    ]);
    expect(Statement.flatMap(({ Action }) => Action).filter((action) => /^(?:rds|s3|dynamodb|lambda|ecs|elasticache):/.test(action))).toEqual([]);
  });

  it("explains each action, and says for programs what it grants and why", async () => {
    const people = looking();
    expect(await runCommandLine(["iam-policy", "--read", "--explain"], people)).toBe(0);
    expect(people.results).toEqual([]);
    expect(people.shown.join("\n")).toMatch(/cloudwatch:GetMetricData +\* +a metric has no ARN/);
    const programs = looking();
    expect(await runCommandLine(["iam-policy", "--rules", "s3.lifecycle", "--json"], programs)).toBe(0);
    expect(JSON.parse(programs.results.join(""))).toMatchObject({
      version: 1,
      rules: ["s3.lifecycle"],
      grants: expect.arrayContaining([{ action: "s3:PutLifecycleConfiguration", resources: ["arn:aws:s3:::*"] }]),
      document: { Version: "2012-10-17" },
    });
  });

  it("says when IAM would not take it as one policy", async () => {
    const whole: RunEvent[] = [];
    await runCommandLine(["iam-policy"], looking(whole));
    expect(whole).toEqual([{ kind: "warning", message: expect.stringMatching(/has \d+ characters .* takes 6144/) }]);
    const half: RunEvent[] = [];
    await runCommandLine(["iam-policy", "--act"], looking(half));
    expect(half).toEqual([]);
  });

  it("refuses a rule that does not exist, with the nearest one, and rules of skipped phases alone", async () => {
    await expect(printed("--rules", "asg.capacty")).rejects.toMatchObject({
      code: "rule-unknown",
      hint: expect.stringContaining("did you mean asg.capacity?"),
    });
    await expect(printed("--rules", "asg.capacity", "--skip-phases", "2")).rejects.toMatchObject({ code: "bad-flag" });
  });
});
