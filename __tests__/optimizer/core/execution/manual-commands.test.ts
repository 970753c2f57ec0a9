import { describe, expect, it } from "vitest";
import { awsCommands, commandsAfter, optimizerCommands } from "../../../../optimizer/core/execution/manual-commands.ts";
import type { Change, Marks } from "../../../../optimizer/core/levers/change-kinds.ts";
import { groupAction, indexAction, west, writerAction } from "../../../support/plan-builder.ts";

const wayBack = (changes: readonly { readonly change: Change }[]) => changes.map(({ change }) => awsCommands([change]).join("\n"));

describe("commands left for a human", () => {
  it("name what is to be done, quoted for a shell", () => {
    expect(awsCommands(writerAction(west).rollback.map(({ change }) => change)).filter((line) => line.startsWith("aws "))).toEqual([
      "aws rds failover-db-cluster --region us-west-2 --db-cluster-identifier aurora-us-west-2 --target-db-instance-identifier us-west-2-1",
      "aws rds modify-db-instance --region us-west-2 --db-instance-identifier us-west-2-2 --db-instance-class db.r6g.4xlarge --apply-immediately",
    ]);
    expect(wayBack(groupAction(west).rollback)[0]).toContain("cancel-instance-refresh");
    expect(wayBack(groupAction(west).rollback)[1]).toContain(`--launch-template-data '{"InstanceType":"m5.4xlarge"}'`);
    expect(wayBack(groupAction(west).rollback)[2]).toContain("Version=$(aws ec2 describe-launch-template-versions");
    expect(wayBack(indexAction().rollback)[0]).toContain(`"KeySchema":[{"AttributeName":"email","KeyType":"HASH"}]`);
    expect(wayBack(indexAction().rollback)[1]).toContain(`"OnDemandThroughput":{"MaxReadRequestUnits":-1}`);
  });

  it("point a group at the version that a step before it is known to have made, or else at the newest of its type", () => {
    const [, reference] = groupAction(west).steps;
    if (reference?.kind !== "change") throw new Error("the group refers to a version by its second step");
    const pointed = (marks: Marks) => commandsAfter([{ change: reference.change, marks }]).find((line) => line.includes("--launch-template"));
    expect(pointed({ version: 7 })).toMatch(/--launch-template 'LaunchTemplateId=lt-[0-9a-f]+,Version=7'$/);
    expect(pointed({})).toContain("describe-launch-template-versions");
  });

  it("cancel what is in the way once, and wait for each before the next", () => {
    const lines = awsCommands(
      groupAction(west)
        .rollback.slice(1)
        .map(({ change }) => change),
    );
    expect(lines.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
      "aws ec2 create-launch-template-version",
      "aws autoscaling cancel-instance-refresh",
      "while aws autoscaling",
      "aws autoscaling update-auto-scaling-group",
      "aws autoscaling start-instance-refresh",
      "while aws autoscaling",
    ]);
  });

  it("name the phase to be rolled back, where it is about one", () => {
    expect(optimizerCommands("run-1", 2)).toEqual(["optimizer continue run-1", "optimizer rollback run-1 --phase 2", "optimizer abort run-1"]);
    expect(optimizerCommands("run-1", null)).toContain("optimizer rollback run-1");
  });

  it("cannot be broken out of by a name", () => {
    const [step] = groupAction(west).rollback.slice(-1);
    const hostile = { ...step!.change, autoScalingGroup: "x'; rm -rf /" } as Change;
    expect(awsCommands([hostile]).join()).toContain(`'x'\\''; rm -rf /'`);
  });
});
