import { describe, expect, it } from "vitest";
import { awsCommand } from "../../../../optimizer/core/execution/manual-commands.ts";
import type { Change } from "../../../../optimizer/core/levers/change-kinds.ts";
import { groupAction, indexAction, west, writerAction } from "../../../support/plan-builder.ts";

const wayBack = (changes: readonly { readonly change: Change }[]) => changes.map(({ change }) => awsCommand(change));

describe("commands left for a human", () => {
  it("name what is to be done, quoted for a shell", () => {
    expect(wayBack(writerAction(west).rollback)).toEqual([
      "aws rds failover-db-cluster --region us-west-2 --db-cluster-identifier aurora-us-west-2 --target-db-instance-identifier us-west-2-1",
      "aws rds modify-db-instance --region us-west-2 --db-instance-identifier us-west-2-2 --db-instance-class db.r6g.4xlarge --apply-immediately",
    ]);
    expect(wayBack(groupAction(west).rollback)[0]).toContain("cancel-instance-refresh");
    expect(wayBack(groupAction(west).rollback)[1]).toContain(`--launch-template-data '{"InstanceType":"m5.4xlarge"}'`);
    expect(wayBack(groupAction(west).rollback)[2]).toContain("Version=$(aws ec2 describe-launch-template-versions");
    expect(wayBack(indexAction().rollback)[0]).toContain(`"KeySchema":[{"AttributeName":"email","KeyType":"HASH"}]`);
    expect(wayBack(indexAction().rollback)[1]).toContain(`"OnDemandThroughput":{"MaxReadRequestUnits":-1}`);
  });

  it("cannot be broken out of by a name", () => {
    const [step] = groupAction(west).rollback.slice(-1);
    const hostile = { ...step!.change, autoScalingGroup: "x'; rm -rf /" } as Change;
    expect(awsCommand(hostile)).toContain(`'x'\\''; rm -rf /'`);
  });
});
