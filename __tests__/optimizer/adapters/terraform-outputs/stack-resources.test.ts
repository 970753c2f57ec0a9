import { describe, expect, it } from "vitest";
import { arn, held, parsed } from "../../../support/parsed-outputs.ts";

describe("resources that CloudFormation lists", () => {
  const resource = (LogicalResourceId: string, ResourceType: string, PhysicalResourceId?: string) => ({
    StackName: "web",
    StackId: arn.stack("eu-west-1"),
    LogicalResourceId,
    ResourceType,
    ...(PhysicalResourceId === undefined ? {} : { PhysicalResourceId }),
    ResourceStatus: "CREATE_COMPLETE",
  });
  const resources = [
    resource("Fleet", "AWS::AutoScaling::AutoScalingGroup", "web-Fleet-1"),
    resource("Balancer", "AWS::ElasticLoadBalancingV2::LoadBalancer", arn.alb("eu-west-1")),
    resource("Net", "AWS::ElasticLoadBalancingV2::LoadBalancer", arn.alb("eu-west-1").replace("/app/", "/net/")),
    resource("Users", "AWS::DynamoDB::Table", "web-Users-1"),
    resource("UsersTable", "AWS::Glue::Table", "lake"),
    resource("Data", "AWS::RDS::DBCluster", "web-data-1"),
    resource("Writer", "AWS::RDS::DBInstance", "web-writer-1"),
    resource("Cache", "AWS::ElastiCache::ReplicationGroup", "web-cache"),
    resource("Handler", "AWS::Lambda::Function", "web-Handler-1"),
    resource("Cluster", "AWS::ECS::Cluster", "web-cluster"),
    resource("Service", "AWS::ECS::Service", arn.of("ecs", "eu-west-1", "service/web-cluster/app")),
    resource("Later", "AWS::DynamoDB::Table"),
    { ...resource("Old", "AWS::DynamoDB::Table", "web-Old-1"), ResourceStatus: "DELETE_COMPLETE" },
  ];
  it.each<[string, unknown]>([
    ["describe-stack-resources", { StackResources: resources }],
    ["list-stack-resources", { StackResourceSummaries: resources.map(({ StackName: _name, StackId: _id, ...rest }) => rest) }],
    ["either's list alone", resources],
  ])("reads the resources of %s by their types", (_, outputs) => {
    expect(held(parsed(outputs))).toEqual([
      "eu-west-1: alb web, asg web-Fleet-1, table web-Users-1, aurora web-data-1, redis web-cache, function web-Handler-1, service web-cluster/app",
    ]);
  });

  it("reads the one resource that describe-stack-resource tells", () => {
    const [detail] = resources;
    expect(held(parsed({ StackResourceDetail: detail }))).toEqual(["eu-west-1: asg web-Fleet-1"]);
  });

  const stackOf = (name: string) => ({ StackName: name, StackId: arn.stack("eu-west-1", name), Outputs: [{ OutputKey: "AsgName", OutputValue: name }] });

  it.each<[string, string, string]>([
    ["stacks", JSON.stringify({ Stacks: [stackOf("web")], NextToken: "x" }), "AWS has more Stacks than stand here (NextToken)"],
    [
      "exports",
      JSON.stringify({ Exports: [{ ExportingStackId: arn.stack("eu-west-1"), Name: "AsgName", Value: "web" }], NextToken: "x" }),
      "AWS has more Exports than stand here (NextToken)",
    ],
    [
      "descriptions",
      JSON.stringify({ DBClusters: [{ DBClusterIdentifier: "db", DBClusterArn: arn.aurora("eu-west-1") }], Marker: "x" }),
      "AWS has more DBClusters than stand here (Marker)",
    ],
    [
      "ARNs",
      JSON.stringify({ serviceArns: [arn.of("ecs", "eu-west-1", "service/main/app")], nextToken: "x" }),
      "AWS has more serviceArns than stand here (nextToken)",
    ],
    [
      "tagged resources",
      JSON.stringify({ ResourceTagMappingList: [{ ResourceARN: arn.table("eu-west-1"), Tags: [] }], PaginationToken: "x" }),
      "AWS has more ResourceTagMappingList than stand here (PaginationToken)",
    ],
  ])("tells that %s are cut short, of which no last page is there", (_, text, words) => {
    expect(parsed(text).warnings).toEqual([expect.stringContaining(words)]);
  });

  it("tells nothing where the last page follows, or none was asked for", () => {
    const pages = [{ Stacks: [stackOf("web")], NextToken: "x" }, { Stacks: [stackOf("api")] }];
    const { warnings, ...rest } = parsed(pages.map((page) => JSON.stringify(page)).join("\n"));
    expect(held({ warnings, ...rest })).toEqual(["eu-west-1: asg api, asg web"]);
    expect(warnings).toEqual([]);
    expect(parsed({ Stacks: [stackOf("web")], NextToken: "" }).warnings).toEqual([]);
    expect(parsed({ region: "eu-west-1", asg_names: ["g"], NextToken: "x" }).warnings).toEqual([]);
  });

  it("reads an instance of a stack that has no cluster", () => {
    expect(held(parsed({ StackResources: [resource("Db", "AWS::RDS::DBInstance", "web-db-1")] }))).toEqual(["eu-west-1: rds web-db-1"]);
  });
});
