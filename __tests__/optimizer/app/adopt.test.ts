import { describe, expect, it } from "vitest";
import { emptySizing, type Sizing } from "../../../contract/sizing.ts";
import { adopt, type AdoptPorts, stillAdopted } from "../../../optimizer/app/adopt.ts";
import type { Change, ChangeState } from "../../../optimizer/core/levers/change-kinds.ts";
import { mergeSizing } from "../../../optimizer/core/adoption/merge-sizing.ts";
import { revertedChange } from "../../../optimizer/core/adoption/reverted-change.ts";
import { removeReader } from "../../../optimizer/core/levers/aurora/reader-count-action.ts";
import { functionAction } from "../../../optimizer/core/levers/lambda/function-action.ts";
import { sizeAction } from "../../../optimizer/core/levers/redis/size-action.ts";
import type { SizingStore } from "../../../optimizer/ports/sizing-store.ts";
import { east, groupAction, indexAction, oldWriterAction, writerAction } from "../../support/plan-builder.ts";
import { aDefinition } from "../../support/aurora-definition.ts";
import { aFunction } from "../../support/functions.ts";
import { aCluster, aRedisGroup } from "../../support/world.ts";
import { sampleAction, samplePlan, sampleState, sampleStage } from "../../support/sample-run.ts";

function memorySizing(initial: Readonly<Record<string, Sizing>> = {}): SizingStore & { readonly files: Map<string, Sizing> } {
  const files = new Map(Object.entries(initial));
  return {
    files,
    read: async (suffix, stack) => files.get(`${suffix}/${stack}`) ?? emptySizing,
    write: async (suffix, stack, sizing) => {
      files.set(`${suffix}/${stack}`, sizing);
      return `${suffix}/${stack}.json`;
    },
  };
}

/** AWS as it answers about the one step of a sample action: as the run left it, unless told otherwise. */
function live(sizing: SizingStore, found: (change: Change) => ChangeState = ({ after }) => ({ kind: "settled", value: after })): AdoptPorts {
  const unused = (): never => {
    throw new Error("all of an action is described in one look");
  };
  return { sizing, changes: { stateOf: unused, reaches: unused, statesOf: async (changes) => changes.map(found) }, births: { bornOf: unused } };
}

const undone = ({ before }: Change): ChangeState => ({ kind: "settled", value: before });

describe("adopt", () => {
  it("writes what passed its window and nothing that was rolled back", async () => {
    const sizing = memorySizing();
    const adoption = await adopt(samplePlan(), sampleState(), live(sizing));
    expect(adoption.written).toEqual(["prod/secondary.json"]);
    expect(sizing.files.get("prod/secondary")).toEqual({ version: 1, compute: { instanceType: "m5.2xlarge" } });
    expect(sizing.files.has("prod/primary")).toBe(false);
  });

  it("writes nothing the second time", async () => {
    const sizing = memorySizing();
    await adopt(samplePlan(), sampleState(), live(sizing));
    const again = await adopt(samplePlan(), sampleState(), live(sizing));
    expect(again.written).toEqual([]);
    expect(again.adopted).toHaveLength(1);
  });

  it("keeps what stands in the file already", async () => {
    const sizing = memorySizing({ "prod/secondary": { version: 1, compute: { maxSize: 15 }, redis: { shards: 2 } } });
    await adopt(samplePlan(), sampleState(), live(sizing));
    expect(sizing.files.get("prod/secondary")).toEqual({ version: 1, compute: { maxSize: 15, instanceType: "m5.2xlarge" }, redis: { shards: 2 } });
  });

  it("adopts one phase alone when asked", async () => {
    const sizing = memorySizing();
    expect((await adopt(samplePlan(), sampleState(), live(sizing), 1)).adopted).toEqual([]);
    expect((await adopt(samplePlan(), sampleState(), live(sizing), 2)).adopted).toHaveLength(1);
  });

  it("tells the change in words where no stack of ours declares the resource", async () => {
    const action = sampleAction({
      region: "us-west-2",
      writeBack: [{ type: "aws_autoscaling_group", id: "someone-elses", property: "instanceType", operation: "set", value: "m5.large" }],
    });
    const plan = samplePlan({ phases: [{ number: 2, stages: [{ region: "us-west-2", role: "canary", actions: [action] }] }] });
    const adoption = await adopt(plan, sampleState(), live(memorySizing()));
    expect(adoption.adopted).toEqual([]);
    expect(adoption.byHand.map((patch) => patch.words)).toEqual(['aws_autoscaling_group someone-elses: set instanceType to "m5.large"']);
  });

  it("looks a resource up in the stacks of its own region, where names repeat", async () => {
    const state = sampleState({ phases: [{ number: 2, status: "passed", stages: [sampleStage("us-west-2"), sampleStage("us-east-1")] }] });
    const adoption = await adopt(samplePlan(), state, live(memorySizing()));
    expect(adoption.adopted.map(({ place }) => place.stack)).toEqual(["secondary", "primary"]);
  });

  it("writes no file when one change cannot be expressed", async () => {
    const bad = sampleAction({ writeBack: [{ type: "aws_autoscaling_group", id: "tap-prod-asg", property: "colour", operation: "set", value: "red" }] });
    const plan = samplePlan({
      phases: [
        {
          number: 2,
          stages: [
            { region: "us-west-2", role: "canary", actions: [sampleAction({ region: "us-west-2" })] },
            { region: "us-east-1", role: "follower", actions: [bad] },
          ],
        },
      ],
    });
    const sizing = memorySizing();
    const state = sampleState({ phases: [{ number: 2, status: "passed", stages: [sampleStage("us-west-2"), sampleStage("us-east-1")] }] });
    await expect(adopt(plan, state, live(sizing))).rejects.toMatchObject({ code: "sizing-not-expressible" });
    expect([...sizing.files.keys()]).toEqual([]);
  });

  it("writes nothing that is not live at that moment, and says what was found", async () => {
    const sizing = memorySizing();
    const foundBy: Readonly<Record<string, (change: Change) => ChangeState>> = {
      "m5.4xlarge": undone,
      "on its way": () => ({ kind: "in-progress", detail: "on its way" }),
      "no such group": () => ({ kind: "missing", detail: "no such group" }),
      "m5.8xlarge": () => ({ kind: "settled", value: { instanceType: "m5.8xlarge" } }),
    };
    for (const [words, found] of Object.entries(foundBy)) {
      const adoption = await adopt(samplePlan(), sampleState(), live(sizing, found));
      expect(adoption.adopted).toEqual([]);
      expect(adoption.notLive).toMatchObject([{ region: "us-west-2", found: expect.stringContaining(words), standing: [] }]);
    }
    expect([...sizing.files.keys()]).toEqual([]);
  });

  it("takes back what was adopted and is undone since, whether this run or somebody else undid it", async () => {
    const adopted = { "prod/secondary": { version: 1, compute: { maxSize: 15, instanceType: "m5.2xlarge" } } } as const;
    const passed = sampleStage("us-west-2");
    const begun = { forward: { stepId: "us-west-2-refresh", purpose: "forward", status: "verified", attempts: 1, at: 1 } } as const;
    const back = {
      ...passed,
      status: "rolled-back" as const,
      actions: passed.actions.map((each) => ({ ...each, status: "rolled-back" as const, steps: { "forward:us-west-2-refresh": begun.forward } })),
    };
    const states = [sampleState(), sampleState({ phases: [{ number: 2, status: "rolled-back", stages: [back] }] })];
    for (const state of states) {
      const sizing = memorySizing(adopted);
      const adoption = await adopt(samplePlan(), state, live(sizing, undone));
      expect(adoption.reverted).toMatchObject([{ place: { stack: "secondary" }, change: { value: "m5.4xlarge" } }]);
      expect(sizing.files.get("prod/secondary")).toEqual({ version: 1, compute: { maxSize: 15, instanceType: "m5.4xlarge" } });
      expect((await adopt(samplePlan(), state, live(sizing, undone))).written).toEqual([]);
    }
    expect(await stillAdopted(samplePlan(), states[1]!, memorySizing(adopted))).toHaveLength(1);
    expect(await stillAdopted(samplePlan(), states[1]!, memorySizing())).toEqual([]);
  });

  it("shows the difference where what was adopted is neither in place nor undone, and changes no file", async () => {
    const sizing = memorySizing({ "prod/secondary": { version: 1, compute: { instanceType: "m5.2xlarge" } } });
    const other = (): ChangeState => ({ kind: "settled", value: { instanceType: "m5.8xlarge" } });
    const adoption = await adopt(samplePlan(), sampleState(), live(sizing, other));
    expect(adoption).toMatchObject({ written: [], reverted: [], notLive: [{ found: '{"instanceType":"m5.8xlarge"}', standing: [{ stack: "secondary" }] }] });
  });
});

describe("an action of which only a part is undone", () => {
  const lambda = aFunction();
  const action = functionAction(
    { rule: "lambda.function", resource: { ...lambda.ref, region: "us-east-1" } },
    { ...lambda, ref: { ...lambda.ref, region: "us-east-1" } },
    { memoryMb: 1024, timeoutSeconds: 300 },
    { before: { reserved: null }, after: { reserved: 20 } },
  );
  const path = "functions.archive";
  const base = samplePlan({ phases: [{ number: 2, stages: [{ region: "us-east-1", role: "follower", actions: [action] }] }] });
  const plan = {
    ...base,
    deployments: {
      ...base.deployments,
      deployments: base.deployments.deployments.map((each) =>
        each.region === "us-east-1" ? { ...each, components: { primary: { [path]: { type: "aws_lambda_function", id: lambda.ref.id } } } } : each,
      ),
    },
  };
  const stage = sampleStage("us-east-1");
  const state = sampleState({
    phases: [{ number: 2, status: "passed", stages: [{ ...stage, actions: [{ actionId: action.id, status: "applied", steps: {} }] }] }],
  });
  const adopted: Sizing = { version: 1, functions: { archive: { memoryMib: 1024, timeoutSeconds: 300, reservedConcurrency: 20 } } };
  const foundOf =
    (undoneKind: Change["kind"]) =>
    (change: Change): ChangeState => ({ kind: "settled", value: change.kind === undoneKind ? change.before : change.after });

  it.each<[Change["kind"], object]>([
    ["lambda.concurrency", { memoryMib: 1024, timeoutSeconds: 300 }],
    ["lambda.configuration", { memoryMib: lambda.memoryMb, timeoutSeconds: lambda.timeoutSeconds, reservedConcurrency: 20 }],
  ])("leaves nothing in a sizing file that is not live: %s", async (kind, archive) => {
    const sizing = memorySizing({ "prod/primary": adopted });
    const { written, notLive } = await adopt(plan, state, live(sizing, foundOf(kind)));
    expect(written).toEqual(["prod/primary.json"]);
    expect(sizing.files.get("prod/primary")).toEqual({ version: 1, functions: { archive } });
    expect(notLive).toMatchObject([{ actionId: action.id }]);
    expect((await adopt(plan, state, live(sizing, foundOf(kind)))).written).toEqual([]);
  });

  it("writes nothing of it where nothing of it was adopted", async () => {
    const sizing = memorySizing();
    expect((await adopt(plan, state, live(sizing, foundOf("lambda.concurrency")))).written).toEqual([]);
  });
});

describe("what takes back an adopted size", () => {
  it("is known for every action that writes one, and leaves the file as it was before", () => {
    for (const action of [groupAction(east), indexAction(), writerAction(east), oldWriterAction(east)]) {
      expect(action.writeBack.length).toBeGreaterThan(0);
      for (const change of action.writeBack) {
        const back = revertedChange(action, change);
        if (back === undefined) throw new Error(`${action.id} cannot take back ${change.property}`);
        expect(back.operation === "remove" || back.value !== change.value).toBe(true);
      }
    }
  });

  it("is each property's own prior value, however equal the values of others are", () => {
    const group = aRedisGroup();
    const from = { nodeType: group.nodeType, shards: group.nodeGroups.length, replicas: 1 };
    const action = sizeAction({ rule: "redis.size", resource: group.ref }, group, {
      from,
      to: { nodeType: "cache.r6g.large", shards: 2, replicas: 2 },
      dataGib: 1,
    });
    const back = Object.fromEntries(action.writeBack.map((change) => [change.property, revertedChange(action, change)?.value]));
    expect(back).toEqual({ shards: from.shards, replicasPerShard: 1, nodeType: group.nodeType });
  });

  it("is nothing where the function had no reservation before, and the number where it had one", () => {
    const lambda = aFunction();
    const asked = (reserved: number | null) =>
      functionAction(
        { rule: "lambda.function", resource: lambda.ref },
        lambda,
        { memoryMb: 1024, timeoutSeconds: 300 },
        { before: { reserved }, after: { reserved: 20 } },
      );
    const taken = (reserved: number | null): Sizing => {
      const action = asked(reserved);
      const path = "functions.archive";
      const adopted = action.writeBack.reduce((sizing, change) => mergeSizing(sizing, path, change), emptySizing);
      return action.writeBack.reduce((sizing, change) => mergeSizing(sizing, path, revertedChange(action, change)!), adopted);
    };
    const { memoryMb: memoryMib, timeoutSeconds } = lambda;
    expect(taken(null)).toEqual({ ...emptySizing, functions: { archive: { memoryMib, timeoutSeconds } } });
    expect(taken(100)).toEqual({ ...emptySizing, functions: { archive: { memoryMib, timeoutSeconds, reservedConcurrency: 100 } } });
  });

  it("takes an index off the list again, and leaves the others there", () => {
    const [change] = indexAction().writeBack;
    const before: Sizing = { version: 1, tables: { tenants: { absentIndexes: ["other"] } } };
    const written = mergeSizing(before, "tables.tenants", change!);
    expect(written).not.toEqual(before);
    expect(mergeSizing(written, "tables.tenants", revertedChange(indexAction(), change!)!)).toEqual(before);
  });

  it("takes back that a reader is not there, and leaves its class", () => {
    const cluster = aCluster();
    const action = removeReader({ rule: "aurora.reader-count", resource: cluster.ref }, cluster, { identifier: "a.1", definition: aDefinition() });
    const [change] = action.writeBack;
    const before: Sizing = { version: 1, aurora: { instances: { "a.1": { instanceClass: "db.r6g.xlarge" } } } };
    const written = mergeSizing(before, "aurora.instances.a.1", change!);
    expect(written.aurora?.instances?.["a.1"]).toEqual({ instanceClass: "db.r6g.xlarge", absent: true });
    expect(mergeSizing(written, "aurora.instances.a.1", revertedChange(action, change!)!)).toEqual(before);
  });
});
