import { describe, expect, it } from "vitest";
import { type Change, changeFacts } from "../../../../optimizer/core/levers/change-kinds.ts";
import { taskSizeOf, taskText } from "../../../../optimizer/core/levers/ecs/task-size.ts";
import { functionChecks } from "../../../../optimizer/core/levers/lambda/function-checks.ts";
import { sizeChecks } from "../../../../optimizer/core/levers/redis/size-checks.ts";
import { resourceFacts } from "../../../../optimizer/core/levers/resource-kinds.ts";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import { capacities } from "../../../../contract/capacities.ts";
import { aService } from "../../../support/container-services.ts";
import { aFunction } from "../../../support/functions.ts";
import { anRdsInstance } from "../../../support/rds-instances.ts";
import { sampleAction } from "../../../support/sample-run.ts";
import { anIndex, aRedisGroup, aTable, aWorld, primary, secondary } from "../../../support/world.ts";

const group = { region: primary, autoScalingGroup: "web", launchTemplateId: "lt-1" } as const;
const table = { region: primary, table: "tenants" } as const;
const service = { region: primary, cluster: "main", service: "app" } as const;
const larger = { minSize: 4, desiredCapacity: 8, maxSize: 12 };
const bounds = { minSize: 3, desiredCapacity: 6, maxSize: 9 };

describe("what a person types", () => {
  it.each<readonly [string, Change, string]>([
    [
      "names a reference of AWS's own as it is",
      {
        kind: "asg.launch-template",
        ...group,
        before: { instanceType: "m5.large", reference: "$Latest" },
        after: { instanceType: "m5.xlarge", reference: "$Latest" },
      },
      "--launch-template 'LaunchTemplateId=lt-1,Version=$Latest'",
    ],
    [
      "sets a desired number that nobody moves",
      { kind: "asg.size", region: primary, autoScalingGroup: "web", before: larger, after: bounds },
      "--min-size 3 --desired-capacity 6 --max-size 9",
    ],
    [
      "leaves the desired number to policies that move it",
      { kind: "asg.size", region: primary, autoScalingGroup: "web", before: larger, after: { ...bounds, desiredMoves: true } },
      "--min-size 3 --max-size 9",
    ],
    [
      "gives a table without indexes its own capacity alone",
      {
        kind: "dynamodb.billing-mode",
        ...table,
        before: { mode: "PAY_PER_REQUEST" },
        after: { mode: "PROVISIONED", isScaled: false, capacity: { table: { read: 5, write: 6 }, indexes: {} } },
      },
      ' || {TableName: TableName, BillingMode: `"PROVISIONED"`, ProvisionedThroughput: `{"ReadCapacityUnits":5,"WriteCapacityUnits":6}`}\' --output json)"',
    ],
  ])("%s", (_, change, end) => {
    expect(changeFacts<Change>(change).command(change).slice(-end.length)).toBe(end);
  });

  it("waits for the number of tasks that there are to be, or for a service to be stable where policies move it", () => {
    const lines = (full: number | undefined) => {
      const count = { desiredCount: 4, ...(full === undefined ? {} : { full }) };
      const change: Change = { kind: "ecs.desired-count", ...service, before: { desiredCount: 8 }, after: count };
      const { wait } = changeFacts<Change>(change);
      return "notNeeded" in wait ? [] : wait(change);
    };
    expect(lines(undefined).join("\n")).toContain("services[0].runningCount");
    expect(lines(4).join("\n")).not.toContain("services[0].runningCount");
    expect(lines(4)).not.toEqual([]);
  });
});

describe("what a change touches, and what it brings back", () => {
  it("is of a counter the table of its own region, which may be a replica's", () => {
    const change: Change = {
      kind: "dynamodb.contributor-insights",
      region: secondary,
      table: "tenants",
      index: "by-plan",
      before: { mode: null },
      after: { mode: null },
    };
    const { inventory } = aWorld().with(
      aTable(),
      aTable({ region: secondary }),
      aTable({ region: secondary, name: "orders" }),
      aFunction({ region: secondary }),
    );
    expect(changeFacts<Change>(change).touches(change, inventory)).toEqual([{ kind: "dynamodb-table", region: secondary, id: "tenants" }]);
  });

  it("is the whole index where it is not there any more", () => {
    const { definition } = anIndex();
    const change: Change = { kind: "dynamodb.index", ...table, index: definition.name, before: null, after: definition };
    expect(changeFacts<Change>(change).unrestored?.(definition, null)).toEqual([expect.stringMatching(/^it is null, was \{/)]);
    expect(changeFacts<Change>(change).unrestored?.(definition, definition)).toEqual([]);
  });
});

describe("what is said of a resource", () => {
  it("is where else it may stand", () => {
    const zones = (resource: Parameters<typeof resourceFacts>[0]) => resourceFacts(resource).otherZones(resource);
    expect(zones(anRdsInstance())).toContain("AWS places the instance and its standby");
    expect(zones(anRdsInstance({ multiAz: false }))).toContain("a restored snapshot or a promoted replica");
    expect(zones(aService())).toBe("Fargate places its tasks in us-east-1a, us-east-1b, us-east-1c");
    expect(zones(aService({ zones: { kind: "unseen", reason: "denied" } }))).toBe("Fargate places its tasks itself");
  });

  it("is a task's size, in a text that names one", () => {
    const size = { cpu: 1024, memoryMib: 2048 };
    expect([taskSizeOf(taskText(size)), taskSizeOf(`8 × ${taskText(size)}`), taskSizeOf("m5.large")]).toEqual([size, size, undefined]);
  });
});

describe("what is promised", () => {
  const names = (checks: readonly { readonly name: string }[]) => checks.map(({ name }) => name);

  it("is nothing of the network of a node type of which nobody knows what it moves", () => {
    const cache = aRedisGroup();
    expect(names(sizeChecks({ policy: defaultPolicy, capacities }, cache, "cache.r6g.large")).join()).toContain("network of the busiest node");
    expect(names(sizeChecks({ policy: defaultPolicy, capacities }, cache, "cache.q9.huge")).join()).not.toContain("network of the busiest node");
  });

  it("is nothing of a reservation that is given up, and no age of records where the caller has no service in its name", () => {
    const lambda = aFunction({ eventSources: { kind: "seen", value: [{ arn: "clicks", isBounded: true }] } });
    const place = { region: primary, functionName: "archive" };
    const [released, smaller]: readonly Change[] = [
      { kind: "lambda.concurrency", ...place, before: { reserved: 20 }, after: { reserved: null } },
      { kind: "lambda.configuration", ...place, before: { memoryMb: 3008, timeoutSeconds: 900 }, after: { memoryMb: 1024, timeoutSeconds: 300 } },
    ];
    const steps = [released, smaller].flatMap((change) =>
      change === undefined ? [] : [{ kind: "change" as const, id: change.kind, description: "", change }],
    );
    const action = sampleAction({ resource: lambda.ref, steps });
    expect(names(functionChecks(defaultPolicy, lambda, action))).toEqual(["throttled calls of archive", "longest call of archive, whose time-out is 300 s"]);
  });
});
