import { describe, expect, it } from "vitest";
import { account, arn, held, parsed, userErrorOf } from "../../../support/parsed-outputs.ts";

const other = "210987654321";

describe("the account of the outputs", () => {
  it.each<[string, object, string]>([
    ["an identified resource", { asg_arn: arn.asg("eu-west-1") }, "asg_arn"],
    ["any other ARN where names stand alone", { asg_name: "g", topic: arn.of("sns", "eu-west-1", "t") }, "topic"],
    ["a queue's URL", { asg_name: "g", q: `https://sqs.eu-west-1.amazonaws.com/${account}/jobs` }, "q"],
    ["account_id", { asg_name: "g", aws_account_id: account }, "aws_account_id"],
    ["a queue's URL of before regions stood in them", { asg_name: "g", q: `https://queue.amazonaws.com/${account}/jobs` }, "q"],
    ["the key around it", { [account]: { asg_name: "g" } }, `${account}.asg_name`],
    ["the key around it, by name", { [`account_${account}`]: { asg_name: "g" } }, `account_${account}.asg_name`],
    ["the key around it, with a region", { [`${account}/eu-west-1`]: { asg_name: "g" } }, `${account}/eu-west-1.asg_name`],
    ["account_id as a number", { asg_name: "g", AccountId: Number(account) }, "AccountId"],
  ])("is told by %s", (_, outputs, key) => {
    expect(parsed({ region: "eu-west-1", ...outputs }).owner).toEqual({ accountId: account, place: `outputs.json, ${key}` });
  });

  it.each<[string, object]>([
    ["AWS's own policies", { policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
    ["ARNs without account", { bucket: "arn:aws:s3:::data", ami: "arn:aws:ec2:eu-west-1::image/ami-1" }],
    ["layers", { layer: arn.of("lambda", "eu-west-1", "layer:insights:1", other) }],
    ["registries", { image: `${other}.dkr.ecr.eu-west-1.amazonaws.com/app`, ecr: arn.of("ecr", "eu-west-1", "repository/x", other) }],
    ["principals", { trusts: arn.of("iam", "", "root", other) }],
    ["peers", { peer_vpc_arn: arn.of("ec2", "eu-west-1", "vpc/vpc-1", other), peer_account_id: other }],
    ["shared zones", { zone: arn.of("route53", "", "hostedzone/Z1", other), shared_topic_arn: arn.of("sns", "eu-west-1", "t", other) }],
    ["policies", { policy: JSON.stringify({ Statement: [{ Resource: arn.of("sqs", "eu-west-1", "q", other) }] }) }],
  ])("is not told by %s", (_, outputs) => {
    expect(parsed({ region: "eu-west-1", asg_name: "g", ...outputs }).owner).toBeUndefined();
    expect(parsed({ region: "eu-west-1", asg_name: "g", topic: arn.of("sns", "eu-west-1", "t"), ...outputs }).owner?.accountId).toBe(account);
  });

  it("is that of the identified resources, whoever else's ARNs stand beside them", () => {
    const outputs = { asg_arn: arn.asg("eu-west-1"), dns_role: arn.of("iam", "", "role/dns", other), topic: arn.of("sns", "eu-west-1", "t", other) };
    expect(parsed(outputs).owner?.accountId).toBe(account);
  });

  it.each<[string, object]>([
    ["a vendor's role", { datadog_role_arn: arn.of("iam", "", "role/DatadogIntegration", other), topic: arn.of("sns", "eu-west-1", "t") }],
    ["a role to assume", { assume_role_arn: arn.of("iam", "", "role/deployer", other), topic: arn.of("sns", "eu-west-1", "t") }],
    ["a key that is let", { kms_key_arn: arn.of("kms", "eu-west-1", "key/1", other), alarm: arn.of("cloudwatch", "eu-west-1", "alarm:x") }],
    ["a topic that is let", { topic_arn: arn.of("sns", "eu-west-1", "t", other), task_definition: arn.of("ecs", "eu-west-1", "task-definition/x:1") }],
    ["a network that is shared", { vpc_arn: arn.of("ec2", "eu-west-1", "vpc/vpc-1", other), topic: arn.of("sns", "eu-west-1", "t") }],
    ["who delivers logs of load balancers", { elb_account: arn.of("iam", "", "root", other), topic: arn.of("sns", "eu-west-1", "t") }],
  ])("is told by what is surely the account's own beside %s", (_, outputs) => {
    expect(parsed({ region: "eu-west-1", asg_name: "g", ...outputs }).owner?.accountId).toBe(account);
  });

  it("is told by a key or a network where nothing else tells it", () => {
    for (const theirs of [arn.of("kms", "eu-west-1", "key/1"), arn.of("ec2", "eu-west-1", "vpc/vpc-1")])
      expect(parsed({ region: "eu-west-1", asg_name: "g", theirs }).owner?.accountId).toBe(account);
  });

  it("must be one: identified resources, keys and stacks of two are quoted", () => {
    for (const second of [{ alb_arn: arn.alb("eu-west-1", "web", "aws", other) }, { account_id: other }]) {
      const error = userErrorOf(() => parsed({ asg_arn: arn.asg("eu-west-1"), ...second }));
      expect(error.code).toBe("outputs-two-accounts");
      for (const part of [account, other, "asg_arn", Object.keys(second)[0] ?? ""]) expect(error.message).toContain(part);
    }
    expect(userErrorOf(() => parsed({ asg_name: "g", a: arn.of("sns", "eu-west-1", "t"), b: arn.of("sns", "eu-west-1", "t", other) })).code).toBe(
      "outputs-two-accounts",
    );
  });

  it("must be one: keys that are accounts are quoted", () => {
    for (const second of [{ [other]: { asg_name: "h" } }, { asg_arn: arn.asg("eu-west-1", "h", "aws", other) }]) {
      const error = userErrorOf(() => parsed({ region: "eu-west-1", [account]: { asg_name: "g" }, ...second }));
      expect(error.code).toBe("outputs-two-accounts");
      for (const part of [account, other, `${account}.asg_name`]) expect(error.message).toContain(part);
    }
    const within = userErrorOf(() => parsed({ [account]: { asg_arn: arn.asg("eu-west-1", "h", "aws", other) } }));
    expect(within.code).toBe("outputs-two-accounts");
  });

  it.each<[string, object]>([
    ["a time", { "202601011200": { asg_name: "g" } }],
    ["another account's network", { asg_name: "g", accepted: { [other]: { vpc_id: "vpc-1" } } }],
    ["a longer number", { "1234567890123": { asg_name: "g" } }],
  ])("is not told by a key that is %s", (_, outputs) => {
    expect(parsed({ region: "eu-west-1", ...outputs }).owner).toBeUndefined();
  });

  it("leaves another account's resource out where its key says whose it may be", () => {
    const parsedOutputs = parsed({ asg_arn: arn.asg("eu-west-1"), shared_alb_arn: arn.alb("eu-west-1", "shared", "aws", other) });
    expect(held(parsedOutputs)).toEqual(["eu-west-1: asg web"]);
    expect(parsedOutputs.warnings).toEqual([expect.stringContaining(`is in account ${other}, the rest in ${account}; it is not read`)]);
  });
});

describe("the AWS partition", () => {
  it.each([
    ["aws", "eu-west-1"],
    ["aws-cn", "cn-north-1"],
    ["aws-us-gov", "us-gov-west-1"],
  ])("%s is read as any other", (partition, region) => {
    const outputs = parsed({
      AsgArn: arn.asg(region, "g", partition),
      AlbArn: arn.alb(region, "web", partition),
      TableArn: arn.table(region, "users", partition),
    });
    expect(held(outputs)).toEqual([`${region}: alb web, asg g, table users`]);
    expect(outputs.partition).toBe(partition);
  });

  it("must be one, and that of the region", () => {
    for (const outputs of [{ a: arn.asg("eu-west-1"), b: arn.table("cn-north-1", "users", "aws-cn") }, { a: arn.asg("cn-north-1") }]) {
      expect(userErrorOf(() => parsed(outputs)).code).toBe("outputs-two-partitions");
    }
  });
});
