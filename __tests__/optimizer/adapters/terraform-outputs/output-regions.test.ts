import { describe, expect, it } from "vitest";
import { account, arn, held, parsed, tf, userErrorOf } from "../../../support/parsed-outputs.ts";

describe("a region from whatever says one", () => {
  it.each<[string, object, string]>([
    ["aws_region", { aws_region: "sa-east-1" }, "sa-east-1"],
    ["a CDK key that ends in Region", { CLQSAwsRegion: "sa-east-1" }, "sa-east-1"],
    ["region_name", { region_name: "sa-east-1" }, "sa-east-1"],
    ["tap-x-region", { "tap-x-region": "sa-east-1" }, "sa-east-1"],
    ["an ARN of a service we do not read", { VectorIndexArn: arn.of("s3vectors", "ap-southeast-1", "bucket/v/index/k") }, "ap-southeast-1"],
    ["an ARN of a service there is not yet", { thing: arn.of("newservice2", "mx-central-1", "thing/1") }, "mx-central-1"],
    ["an ARN without account", { image: "arn:aws:ec2:eu-south-2::image/ami-1" }, "eu-south-2"],
    ["an ARN whose account is redacted", { topic: "arn:aws:sns:eu-south-2:<account-id>:t" }, "eu-south-2"],
    ["an endpoint of RDS", { e: "db.cluster-abc.eu-west-3.rds.amazonaws.com:5432" }, "eu-west-3"],
    ["a load balancer's DNS name", { e: "web-1.eu-west-3.elb.amazonaws.com" }, "eu-west-3"],
    ["a network load balancer's DNS name", { e: "web-1.elb.eu-west-3.amazonaws.com" }, "eu-west-3"],
    ["ElastiCache's short form", { e: "master.cache.abc123.euw2.cache.amazonaws.com" }, "eu-west-2"],
    ["an API's URL", { e: "https://abc.execute-api.ap-south-2.amazonaws.com/prod" }, "ap-south-2"],
    ["a function's URL", { e: "https://abc.lambda-url.eu-north-1.on.aws/" }, "eu-north-1"],
    ["a queue's URL", { e: `https://sqs.eu-north-1.amazonaws.com/${account}/jobs` }, "eu-north-1"],
    ["a link to the console", { e: "https://ap-south-1.console.aws.amazon.com/cloudwatch/home?region=ap-south-1#dashboards:" }, "ap-south-1"],
    ["a link to the older console", { e: "https://console.aws.amazon.com/ecs/home?region=ap-south-1#/clusters" }, "ap-south-1"],
    ["a bucket's host", { e: "data.s3.eu-south-1.amazonaws.com" }, "eu-south-1"],
    ["a bucket's older host", { e: "https://s3-eu-west-1.amazonaws.com/data" }, "eu-west-1"],
    ["a bucket's website", { e: "http://data.s3-website-us-west-1.amazonaws.com" }, "us-west-1"],
    ["an image", { e: `${account}.dkr.ecr.eu-central-2.amazonaws.com/app` }, "eu-central-2"],
    ["zones", { availability_zones: ["ap-northeast-1a", "ap-northeast-1c"] }, "ap-northeast-1"],
    ["ids of zones", { zone_ids: ["apne1-az4"] }, "ap-northeast-1"],
    ["a map by zone", { subnets: { "eu-west-2a": "subnet-1" } }, "eu-west-2"],
    ["a command", { configure: "aws eks update-kubeconfig --region eu-west-1 --name x" }, "eu-west-1"],
    ["a pool of Cognito", { UserPoolId: "ap-southeast-2_AbCdEf123" }, "ap-southeast-2"],
    ["an identity pool", { IdentityPoolId: "ap-southeast-2:00000000-0000-4000-8000-000000000000" }, "ap-southeast-2"],
    ["an instance's name in us-east-1", { host: "ec2-1-2-3-4.compute-1.amazonaws.com" }, "us-east-1"],
    ["an instance's name elsewhere", { host: "ec2-1-2-3-4.us-west-1.compute.amazonaws.com" }, "us-west-1"],
    ["a stack's id", { stack_id: arn.stack("ca-west-1") }, "ca-west-1"],
    ["a multi-Region key, where nothing else does", { kms_key_arn: arn.of("kms", "ap-east-1", "key/mrk-0123456789abcdef0123456789abcdef") }, "ap-east-1"],
    ["a name with a region in it, where nothing else does", { cluster_name: "ecs-cluster-us-west-2" }, "us-west-2"],
    ["the only one of a list", { regions: ["us-west-2"] }, "us-west-2"],
    ["the first of several", { primary_region: "eu-west-1", dr_region: "us-west-2" }, "eu-west-1"],
    ["GovCloud", { e: "web-1.us-gov-west-1.elb.amazonaws.com" }, "us-gov-west-1"],
    ["China", { e: "web-1.cn-northwest-1.elb.amazonaws.com.cn" }, "cn-northwest-1"],
  ])("%s", (_, outputs, expected) => {
    expect(held(parsed({ AsgName: "g", ...outputs }))).toEqual([`${expected}: asg g`]);
  });

  it.each<[string, object]>([
    ["a certificate for CloudFront", { certificate_arn: arn.of("acm", "us-east-1", "certificate/1") }],
    ["CloudFront's web ACL", { web_acl_arn: arn.of("wafv2", "us-east-1", "global/webacl/x/1") }],
    ["a multi-Region key", { kms_key_arn: arn.of("kms", "us-east-1", "key/mrk-0123456789abcdef0123456789abcdef") }],
    ["global services", { role: arn.of("iam", "", "role/x"), zone: "arn:aws:route53:::hostedzone/Z1", cdn: arn.of("cloudfront", "", "distribution/E1") }],
    ["a console of a global service", { cdn: "https://us-east-1.console.aws.amazon.com/cloudfront/v3/home?region=us-east-1#/distributions" }],
    ["a bucket elsewhere", { logs: "logs.s3.us-east-1.amazonaws.com" }],
    ["the region of a bucket of state", { terraform_state_bucket_region: "us-east-1" }],
    ["a replica", { replica_table_name: "x", replica_region: "us-east-1" }],
    ["an image elsewhere", { image: `${account}.dkr.ecr.us-east-1.amazonaws.com/app` }],
    ["a name with another region in it", { bucket: "artifacts-us-east-1" }],
    ["a policy", { policy: { Statement: [{ Resource: arn.of("sqs", "us-east-1", "x") }] } }],
    ["tags", { tags: { HomeRegion: "us-east-1" } }],
  ])("counts %s for less than an endpoint", (_, weak) => {
    expect(held(parsed({ AsgName: "g", AlbDns: "web-1.eu-west-1.elb.amazonaws.com", ...weak })).find((each) => each.includes("asg g"))).toMatch(/^eu-west-1:/);
    expect(held(parsed({ AsgName: "g", stack_region: "eu-west-1", ...weak })).find((each) => each.includes("asg g"))).toMatch(/^eu-west-1:/);
  });

  it("assumes us-east-1 only where nothing names a region, and says when little does", () => {
    expect(parsed({ AsgName: "g" }).warnings).toEqual([expect.stringContaining("us-east-1 is assumed")]);
    expect(parsed({ AsgName: "g", bucket: "logs-eu-west-1" }).warnings).toEqual([
      expect.stringContaining('("logs-eu-west-1") is all that says where this is: eu-west-1'),
    ]);
    expect(parsed({ Network: { AlbDns: "x-1.eu-central-1.elb.amazonaws.com" }, App: { AsgName: "g" } })).toMatchObject({
      deployments: [{ region: "eu-central-1", autoScalingGroups: ["g"] }],
      warnings: [expect.stringContaining("eu-central-1 is taken from what stands around it")],
    });
  });

  it.each([
    ["Frankfurt", "eu-central-1"],
    ["EU (Frankfurt)", "eu-central-1"],
    ["Europe (Frankfurt) eu-central-1", "eu-central-1"],
    ["US East (N. Virginia)", "us-east-1"],
    ["us-west-2 (Oregon)", "us-west-2"],
    ["South America (São Paulo)", "sa-east-1"],
    ["AWS GovCloud (US-West)", "us-gov-west-1"],
    ["EU-WEST-1", "eu-west-1"],
    ["eu_west_1", "eu-west-1"],
    ["EU_WEST_1", "eu-west-1"],
    ["eu-west-1a", "eu-west-1"],
    ["euw1", "eu-west-1"],
    ["usgw1", "us-gov-west-1"],
  ])("reads a region spelled %s", (spelled, expected) => {
    expect(held(parsed({ AsgName: "g", aws_region: spelled }))).toEqual([`${expected}: asg g`]);
  });

  it.each(["Frankfurt or Paris", "eu-west-1 (Oregon)", "EU", "aps1", "eu-west"])("takes %s for no region", (spelled) => {
    expect(userErrorOf(() => parsed({ AsgName: "g", aws_region: spelled })).code).toBe("unknown-region");
  });

  it.each<[string, object, string[]]>([
    ["a stack's name", { AppUse1: { AsgName: "a" }, AppEuw1: { AsgName: "b" } }, ["eu-west-1: asg b", "us-east-1: asg a"]],
    ["the keys of a map", { asg_names: { use1: "a", apse2: "b" } }, ["ap-southeast-2: asg b", "us-east-1: asg a"]],
    ["a key", { asg_name_euw1: "a" }, ["eu-west-1: asg a"]],
    ["a key's own code for it", { AsgName: "g", region_code: "euw1" }, ["eu-west-1: asg g"]],
    ["a cache's host in Ningxia", { AsgName: "g", cache: "c.abc123.ng.0001.cnw1.cache.amazonaws.com.cn" }, ["cn-northwest-1: asg g"]],
    ["a cache's host in Beijing", { AsgName: "g", cache: "c.abc123.ng.0001.cnn1.cache.amazonaws.com.cn" }, ["cn-north-1: asg g"]],
  ])("reads a region shortened in %s", (_, outputs, expected) => {
    expect(held(parsed(outputs))).toEqual(expected);
  });

  it("takes a place's name for a region only where nothing else names one, and says so", () => {
    expect(parsed({ "Prod-Frankfurt-App": { AsgName: "g" } })).toMatchObject({
      deployments: [{ region: "eu-central-1" }],
      warnings: [expect.stringContaining("eu-central-1, by its name")],
    });
    expect(held(parsed({ asg_names: { frankfurt: "a", ireland: "b" } }))).toEqual(["eu-central-1: asg a", "eu-west-1: asg b"]);
    expect(held(parsed({ aws_region: "eu-west-1", london_table_name: "london", paris_table_name: "paris" }))).toEqual(["eu-west-1: table london, table paris"]);
    expect(held(parsed({ Common: { aws_region: "eu-west-1" }, London: { AsgName: "g" } }))).toEqual(["eu-west-1: asg g"]);
    expect(held(parsed({ London: { AsgName: "g" } }, { regions: ["eu-west-1"] }))).toEqual(["eu-west-1: asg g"]);
  });

  it("quotes the way to the key that names a region, whichever of them does", () => {
    const { message } = userErrorOf(() => parsed({ "app-use1": { asg_name: "a", aws_region: "eu-west-1" } }));
    expect(message).toContain('us-east-1 by outputs.json, app-use1.asg_name ("app-use1.asg_name")');
  });

  it("says nothing amiss of a global database that is in two regions", () => {
    const outputs = { global_cluster_identifier: "worldwide", primary: { arn: arn.aurora("us-east-1") }, secondary: { arn: arn.aurora("eu-west-1") } };
    expect(held(parsed(outputs))).toEqual(["eu-west-1: aurora db, global worldwide", "us-east-1: aurora db"]);
  });

  it("refuses a region that none knows rather than assume another", () => {
    expect(userErrorOf(() => parsed({ AsgName: "g", aws_region: "US West" })).code).toBe("unknown-region");
    expect(held(parsed({ AsgName: "g", aws_region: "US West", topic: arn.of("sns", "us-west-2", "t") }))).toEqual(["us-west-2: asg g"]);
  });
});

describe("the zone of a load balancer's names", () => {
  it.each([
    ["Z32O12XQLNTSW2", "eu-west-1"],
    ["Z1H1FL5HABSF5", "us-west-2"],
    ["ZLMOA37VPKANP", "us-east-2"],
    ["Z166TLBEWOO7G0", "us-gov-east-1"],
    ["ZM7IZAIOVVDZF", "cn-northwest-1"],
  ])("%s is in %s", (zone, region) => {
    expect(held(parsed({ asg_name: "g", alb_zone_id: zone }))).toEqual([`${region}: asg g`]);
  });

  it("speaks against a stated region in which nothing is, and is no domain's", () => {
    const error = userErrorOf(() => parsed({ asg_name: "g", region: "us-east-1", alb_zone_id: "Z32O12XQLNTSW2" }));
    for (const part of ["us-east-1 by outputs.json, region", 'eu-west-1 by outputs.json, alb_zone_id ("Z32O12XQLNTSW2")'])
      expect(error.message).toContain(part);
    expect(held(parsed({ asg_name: "g", sns: arn.of("sns", "eu-west-2", "t"), zone_id: "Z0123456789ABCDEFGHIJ" }))).toEqual(["eu-west-2: asg g"]);
  });
});

describe("several regions", () => {
  it.each<[string, object, string[]]>([
    ["names by region", { asg_names: { "us-east-1": "g", "eu-west-1": "g" } }, ["eu-west-1: asg g", "us-east-1: asg g"]],
    ["keys with a region", { asg_name_us_west_2: "g", UsEast1AsgName: "g" }, ["us-east-1: asg g", "us-west-2: asg g"]],
    ["maps by region", { "us-east-1": { asg_name: "g" }, "eu-west-1": { asg_name: "h" } }, ["eu-west-1: asg h", "us-east-1: asg g"]],
    ["stacks named after regions", { "App-us-east-1": { AsgName: "g" }, "App-eu-west-1": { AsgName: "g" } }, ["eu-west-1: asg g", "us-east-1: asg g"]],
    [
      "a stack and its replicas by region",
      { stack_region: "eu-west-1", asg_name: "g", replicas: { "us-east-1": { table_arn: arn.table("us-east-1") }, "ap-south-1": { bucket: "x" } } },
      ["eu-west-1: asg g", "us-east-1: table users"],
    ],
    [
      "primary and secondary regions",
      { primary_region: "us-east-1", secondary_region: "us-west-2", primary_asg_name: "a", secondary_asg_name: "b" },
      ["us-east-1: asg a", "us-west-2: asg b"],
    ],
    [
      "primary and secondary, by what stands beside them",
      { primary_alb_dns: "a-1.us-east-1.elb.amazonaws.com", dr_alb_dns: "a-1.us-west-2.elb.amazonaws.com", primary_asg_name: "a", dr_asg_name: "b" },
      ["us-east-1: asg a", "us-west-2: asg b"],
    ],
    [
      "a stated region, and another one for the second",
      { region: "us-east-1", dr_region: "us-west-2", asg_name: "a", dr_asg_name: "b" },
      ["us-east-1: asg a", "us-west-2: asg b"],
    ],
    [
      "clusters whose hosts say where they are",
      {
        a_cluster: "x",
        aurora_cluster_ids: ["one", "two"],
        e1: "one.cluster-abc.us-east-1.rds.amazonaws.com",
        e2: "two.cluster-abc.us-west-2.rds.amazonaws.com",
      },
      ["us-east-1: aurora one", "us-west-2: aurora two"],
    ],
  ])("%s", (_, outputs, expected) => {
    expect(held(parsed(outputs))).toEqual(expected);
  });

  it.each<[string, object, string[]]>([
    ["two stated regions", { aws_region: "us-west-2", Region: "us-east-1" }, ["aws_region", '"us-west-2"', "Region", '"us-east-1"']],
    [
      "a stack's id and its output",
      {
        StackId: arn.stack("us-west-2"),
        StackName: "s",
        Outputs: [
          { OutputKey: "AsgName", OutputValue: "g" },
          { OutputKey: "Region", OutputValue: "us-east-1" },
        ],
      },
      ["StackId", "Region"],
    ],
    [
      "a stated region with all endpoints elsewhere",
      { aws_region: "us-west-2", AlbDns: "x-1.us-east-1.elb.amazonaws.com" },
      ["aws_region", "AlbDns", '"x-1.us-east-1.elb.amazonaws.com"'],
    ],
    ["two endpoints", { AlbDns: "x-1.us-east-1.elb.amazonaws.com", Db: "d.cluster-1.eu-west-1.rds.amazonaws.com" }, ["AlbDns", "Db"]],
    ["a stack's name and its output", { "App-us-east-1": { AsgName: "g", Region: "eu-west-1" } }, ["App-us-east-1", "Region"]],
    ["two hints", { bucket: "logs-eu-west-1", other: "logs-us-west-2" }, ["bucket", "other"]],
    ["two regions in a list", { regions: ["us-east-1", "us-west-2"] }, ["regions"]],
  ])("refuses a name that could be in either, and quotes %s", (_, outputs, quoted) => {
    const error = userErrorOf(() => parsed({ AsgName: "g", ...outputs }));
    expect(error.code).toBe("outputs-two-regions");
    for (const part of quoted) expect(error.message).toContain(part);
  });

  it("refuses two stated regions even where each identifier has its own ARN", () => {
    expect(userErrorOf(() => parsed({ aws_region: "us-west-2", Region: "us-east-1", asg_arn: arn.asg("us-east-1") })).code).toBe("outputs-two-regions");
  });

  it("refuses an ARN under a key of another region", () => {
    expect(userErrorOf(() => parsed({ asg_arns: { "us-east-1": arn.asg("us-west-2") } })).code).toBe("outputs-two-regions");
  });

  it("needs no region where every identifier has its own ARN", () => {
    expect(held(parsed({ a: arn.asg("us-east-1"), b: arn.table("us-west-2"), web: tf("https://x") }))).toEqual([
      "us-east-1: asg web",
      "us-west-2: table users",
    ]);
  });

  it("lets --region choose where the outputs name several", () => {
    const { deployments, warnings } = parsed(
      { AsgName: "g", a: arn.of("sns", "us-east-1", "t"), b: arn.of("sns", "us-west-2", "t") },
      { regions: ["us-west-2"] },
    );
    expect(held({ deployments, missing: [], warnings })).toEqual(["us-west-2: asg g"]);
    expect(warnings).toEqual([expect.stringContaining("--region us-west-2")]);
  });
});

describe("a secondary region", () => {
  const ours = (stack: string, more: object = {}) => ({
    stack_name: stack,
    stack_region: "us-west-2",
    environment_suffix: "prod",
    asg_name: "g",
    components: { compute: { type: "aws_autoscaling_group", id: "g" } },
    ...more,
  });
  const roleOf = (outputs: object) => parsed(outputs).deployments.map(({ role }) => role ?? "none");

  it.each([
    ["secondary", "secondary"],
    ["secondary-eu-west-1", "secondary"],
    ["primary", "none"],
    ["secondaryish", "none"],
  ])("is told by the name of our own stack: %s", (stack, role) => {
    expect(roleOf(ours(stack))).toEqual([role]);
  });

  it("is none where nobody says which components are there", () => {
    expect(roleOf(ours("secondary", { components: undefined }))).toEqual(["none"]);
  });
});
