import { StartInstanceRefreshCommand, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { CreateLaunchTemplateVersionCommand, DescribeLaunchTemplatesCommand } from "@aws-sdk/client-ec2";
import { FailoverDBClusterCommand, ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import type { SimulatedAccount } from "../../../simulation/account/account.ts";
import { accountScenario, advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { fixtureStacks, names } from "../../support/terraform-fixture.ts";

const nothing = { add: [], change: [], destroy: [] };

async function resizeGroup(account: SimulatedAccount, description?: string): Promise<void> {
  const { ec2, autoScaling } = clientsOf(account);
  const { LaunchTemplates: [template] = [] } = await ec2.send(new DescribeLaunchTemplatesCommand({}));
  const LaunchTemplateId = template?.LaunchTemplateId;
  await ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId,
      SourceVersion: "1",
      LaunchTemplateData: { InstanceType: "m5.2xlarge" },
      ...(description === undefined ? {} : { VersionDescription: description }),
    }),
  );
  await autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: names.group, LaunchTemplate: { LaunchTemplateId, Version: "2" } }));
  await autoScaling.send(
    new StartInstanceRefreshCommand({ AutoScalingGroupName: names.group, Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 110 } }),
  );
  advanceMinutes(account, 24 * 60);
}

describe("driftAgainst", () => {
  it("finds nothing right after the deployment", () => {
    expect(deployedAccount().driftAgainst(fixtureStacks())).toEqual(nothing);
  });

  it("names every change of sizes, with both values", async () => {
    const account = deployedAccount();
    await resizeGroup(account);
    const plan = account.driftAgainst(fixtureStacks());
    expect(plan.change.map((change) => [change.address, change.differences.map((difference) => difference.path)])).toEqual([
      ["primary/aws_launch_template.lt", ["instance_type"]],
      ["primary/aws_autoscaling_group.asg", ["launch_template.version"]],
    ]);
    expect(plan.change[0]?.differences[0]).toEqual({ path: "instance_type", live: "m5.2xlarge", configured: "m5.4xlarge" });
  });

  it("finds nothing once the stacks say the new sizes", async () => {
    const account = deployedAccount();
    await resizeGroup(account);
    const { dynamoDb, rds } = clientsOf(account);
    await dynamoDb.send(new UpdateTableCommand({ TableName: names.table, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by-plan" } }] }));
    await rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: names.instance(2), DBInstanceClass: "db.r6g.xlarge", ApplyImmediately: true }));
    advanceMinutes(account, 60);
    await rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: names.cluster, TargetDBInstanceIdentifier: names.instance(2) }));
    advanceMinutes(account, 60);
    const adopted = fixtureStacks({ instanceType: "m5.2xlarge", indexes: ["by-domain"], classes: { 2: "db.r6g.xlarge" } });
    expect(account.driftAgainst(adopted)).toEqual(nothing);
    account.deploy(adopted);
    expect(account.driftAgainst(adopted)).toEqual(nothing);
    expect(account.driftAgainst(fixtureStacks()).change.map((change) => change.address)).toContain("primary/aws_dynamodb_table.tenants");
  });

  it("shows a description of a template version, which Terraform would take away", async () => {
    const account = deployedAccount();
    await resizeGroup(account, "smaller");
    const plan = account.driftAgainst(fixtureStacks({ instanceType: "m5.2xlarge" }));
    expect(plan.change.map((change) => change.differences)).toContainEqual([{ path: "description", live: "smaller", configured: undefined }]);
  });

  it("honours ignore_changes", async () => {
    const account = deployedAccount();
    await clientsOf(account).autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: names.group, DesiredCapacity: 9 }));
    expect(account.driftAgainst(fixtureStacks())).toEqual(nothing);
  });

  it("lists resources that only one side has", () => {
    const stacks = structuredClone(fixtureStacks()) as { primary: { resource: Record<string, Record<string, object>> } };
    delete stacks.primary.resource["aws_cloudwatch_metric_alarm"];
    stacks.primary.resource["aws_sns_topic"] = { alarms: { name: "tap-test-alarms" } };
    expect(deployedAccount().driftAgainst(stacks)).toEqual({
      add: ["primary/aws_sns_topic.alarms"],
      change: [],
      destroy: ["primary/aws_cloudwatch_metric_alarm.cpu"],
    });
  });

  it("shows tags put on by others, unless the provider ignores them", () => {
    const scenario = accountScenario({ tags: [{ resource: names.table, region: "us-east-1", tags: { TenantId: "acme" } }] });
    const account = deployedAccount(scenario);
    expect(account.driftAgainst(fixtureStacks()).change.map((change) => change.address)).toEqual(["primary/aws_dynamodb_table.tenants"]);
    const ignoring = fixtureStacks({ ignoreTagKeys: ["TenantId"] });
    expect(account.driftAgainst(ignoring)).toEqual(nothing);
  });
});
