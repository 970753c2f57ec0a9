import { describe, expect, it } from "vitest";
import { resourceAdapters } from "../../../../optimizer/adapters/aws/resource-adapters.ts";
import { ruleOf, rules } from "../../../../optimizer/core/levers/rules.ts";
import type { ResourceKind } from "../../../../optimizer/core/model/resource-ref.ts";
import { neededActions } from "../../../../optimizer/core/permissions/needed-actions.ts";
import { grantsOf, policyDocument } from "../../../../optimizer/core/permissions/policy-document.ts";
import { namedBy } from "../../../../optimizer/core/permissions/resource-arns.ts";
import { resourceLevels } from "../../../../optimizer/core/permissions/resource-level.ts";
import { emptyDeployment } from "../../../support/empty-deployment.ts";

const place = { partition: "aws", account: "123456789012" };
const topicArn = "arn:aws:sns:us-east-1:123456789012:on-call";
const { read, act, page } = neededActions(rules);
const all = { read, act: [...act, ...page].toSorted() };

/** A region that has one of everything. */
const everything = emptyDeployment("us-east-1", {
  role: "secondary",
  loadBalancers: ["app/web/1"],
  autoScalingGroups: ["web"],
  tables: [{ name: "orders" }],
  auroraClusters: ["db"],
  rdsInstances: ["legacy"],
  redisReplicationGroups: ["cache"],
  dataBuckets: ["files"],
  functions: ["resize"],
  containerServices: ["main/api"],
  components: { primary: { "aurora.instances.db-1": { type: "aws_rds_cluster_instance", id: "db-1" }, compute: { type: "aws_autoscaling_group", id: "web" } } },
});

function actionsOn(resource: string, actions: readonly string[]): readonly string[] {
  return grantsOf(actions, place, [namedBy(everything)]).flatMap(({ action, resources }) =>
    resources !== "*" && resources.includes(resource) ? [action] : [],
  );
}

describe("what a statement may name", () => {
  it("is known of every action that a rule needs, and of no other", () => {
    expect(Object.keys(resourceLevels).toSorted()).toEqual([...all.read, ...all.act].toSorted());
  });

  it("is a resource by its name, in its account and region, where AWS supports that", () => {
    expect(actionsOn("arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:*:autoScalingGroupName/web", all.act)).toEqual([
      "autoscaling:CancelInstanceRefresh",
      "autoscaling:StartInstanceRefresh",
      "autoscaling:UpdateAutoScalingGroup",
    ]);
    expect(actionsOn("arn:aws:s3:::files", all.act)).toEqual(["s3:PutLifecycleConfiguration"]);
    expect(actionsOn("arn:aws:dynamodb:us-east-1:123456789012:table/orders", all.act)).toEqual(["dynamodb:UpdateContributorInsights", "dynamodb:UpdateTable"]);
    expect(actionsOn("arn:aws:ecs:us-east-1:123456789012:service/main/api", all.act)).toEqual(["ecs:UpdateService"]);
  });

  it("is an Aurora member by the outputs' components, and any of the region where they tell none", () => {
    const modify = (deployment: typeof everything) => grantsOf(["rds:ModifyDBInstance"], place, [namedBy(deployment)]).map(({ resources }) => resources);
    expect(modify(everything)).toEqual([["arn:aws:rds:us-east-1:123456789012:db:legacy", "arn:aws:rds:us-east-1:123456789012:db:db-1"]]);
    expect(modify({ ...everything, components: {} })).toEqual([["arn:aws:rds:us-east-1:123456789012:db:legacy", "arn:aws:rds:us-east-1:123456789012:db:*"]]);
    expect(modify({ ...everything, auroraClusters: [] })).toEqual([["arn:aws:rds:us-east-1:123456789012:db:legacy"]]);
  });

  it("is everything only with the reason", () => {
    const open = grantsOf([...all.read, ...all.act], place, [namedBy(everything)]).filter(({ resources }) => resources === "*");
    expect(open.length).toBeGreaterThan(10);
    expect(open.filter(({ why = "" }) => why === "")).toEqual([]);
  });

  it("leaves out an action on what the outputs do not name, in each region that they name", () => {
    const west = emptyDeployment("us-west-2", { tables: [{ name: "orders" }] });
    const granted = grantsOf([...all.read, ...all.act], place, [namedBy(west), namedBy({ ...west, region: "us-east-1" })]);
    const on = (action: string) => granted.find((grant) => grant.action === action)?.resources;
    expect(on("dynamodb:UpdateTable")).toEqual([
      "arn:aws:dynamodb:us-west-2:123456789012:table/orders",
      "arn:aws:dynamodb:us-east-1:123456789012:table/orders",
    ]);
    expect(on("s3:PutLifecycleConfiguration")).toBeUndefined();
    expect(on("iam:PassRole")).toBeUndefined();
  });

  it("asks the outputs by the same names as whoever describes the resources", () => {
    const { ids } = namedBy(everything);
    for (const kind of Object.keys(resourceAdapters) as readonly ResourceKind[]) {
      expect(ids[kind], kind).toHaveLength(1);
      expect(ids[kind], kind).toEqual(resourceAdapters[kind].idsOf(everything));
    }
  });
});

describe("a policy", () => {
  it("passes roles on only to the services that its rules need them for", () => {
    const passed = (...ids: readonly `${string}.${string}`[]) => {
      const { act } = neededActions(ids.map((id) => ruleOf(id)));
      return policyDocument("Acts", grantsOf(act, place, [])).Statement.find(({ Action }) => Action.includes("iam:PassRole"))?.Condition;
    };
    expect(passed("asg.capacity")).toEqual({ StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com"] } });
    expect(passed("ecs.service", "aurora.reader-count")).toEqual({
      StringEquals: { "iam:PassedToService": ["ecs-tasks.amazonaws.com", "monitoring.rds.amazonaws.com"] },
    });
    expect(passed("redis.size")).toBeUndefined();
  });

  it("lets tags come only with what is made", () => {
    const { Statement } = policyDocument("Acts", grantsOf(all.act, place, []));
    const condition = (action: string) => Statement.find(({ Action }) => Action.includes(action))?.Condition?.StringEquals;
    expect(condition("ec2:CreateTags")).toEqual({ "ec2:CreateAction": ["RunInstances"] });
    expect(condition("ecs:TagResource")).toEqual({ "ecs:CreateAction": ["RegisterTaskDefinition"] });
    expect(condition("ecs:RegisterTaskDefinition")).toBeUndefined();
  });

  it("has each action once, in a statement of a name of its own", () => {
    const { Statement } = policyDocument("All", grantsOf([...all.read, ...all.act], { ...place, topicArn }, [namedBy(everything)]));
    expect(Statement.flatMap(({ Action }) => Action).toSorted()).toEqual([...all.read, ...all.act].toSorted());
    expect(new Set(Statement.map(({ Sid }) => Sid)).size).toBe(Statement.length);
    for (const { Sid } of Statement) expect(Sid).toMatch(/^[A-Za-z\d]+$/);
  });

  it("lets the topic of the policy be published to, and no other", () => {
    expect(grantsOf(["sns:Publish"], { ...place, topicArn }, [])).toEqual([{ action: "sns:Publish", resources: [topicArn] }]);
    expect(grantsOf(["sns:Publish"], place, [])).toEqual([]);
  });

  it("of a rule that changes nothing lets nothing be changed", () => {
    expect(neededActions([ruleOf("dynamodb.table-consolidation"), ruleOf("region.remove-secondary")])).toMatchObject({ act: [], page: [] });
  });
});

describe("what nobody knows", () => {
  it("is refused rather than granted on everything, or left out: an action, a kind of change, a kind of resource", () => {
    expect(() => grantsOf(["ec2:Unheard"], place, [])).toThrow("what IAM lets a statement on ec2:Unheard name is not known");
    const called = { study: [], paging: [], resources: { "load-balancer": [] }, changes: {} };
    expect(neededActions([], called)).toEqual({ read: [], act: [], page: [] });
    expect(() => neededActions([ruleOf("s3.lifecycle")], called)).toThrow("which actions of IAM s3.lifecycle needs is not known");
    expect(() => neededActions([{ resourceKind: "s3-bucket", changes: [] }], called)).toThrow("which actions of IAM s3-bucket needs is not known");
  });
});
