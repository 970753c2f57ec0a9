import { describe, expect, it } from "vitest";
import { emptySizing, type Sizing } from "../../../contract/sizing.ts";
import { adopt } from "../../../optimizer/app/adopt.ts";
import type { SizingStore } from "../../../optimizer/ports/sizing-store.ts";
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

describe("adopt", () => {
  it("writes what passed its window and nothing that was rolled back", async () => {
    const sizing = memorySizing();
    const adoption = await adopt(samplePlan(), sampleState(), sizing);
    expect(adoption.written).toEqual(["prod/secondary.json"]);
    expect(sizing.files.get("prod/secondary")).toEqual({ version: 1, compute: { instanceType: "m5.2xlarge" } });
    expect(sizing.files.has("prod/primary")).toBe(false);
  });

  it("writes nothing the second time", async () => {
    const sizing = memorySizing();
    await adopt(samplePlan(), sampleState(), sizing);
    const again = await adopt(samplePlan(), sampleState(), sizing);
    expect(again.written).toEqual([]);
    expect(again.adopted).toHaveLength(1);
  });

  it("keeps what stands in the file already", async () => {
    const sizing = memorySizing({ "prod/secondary": { version: 1, compute: { maxSize: 15 }, redis: { shards: 2 } } });
    await adopt(samplePlan(), sampleState(), sizing);
    expect(sizing.files.get("prod/secondary")).toEqual({ version: 1, compute: { maxSize: 15, instanceType: "m5.2xlarge" }, redis: { shards: 2 } });
  });

  it("adopts one phase alone when asked", async () => {
    const sizing = memorySizing();
    expect((await adopt(samplePlan(), sampleState(), sizing, 1)).adopted).toEqual([]);
    expect((await adopt(samplePlan(), sampleState(), sizing, 2)).adopted).toHaveLength(1);
  });

  it("tells the change in words where no stack of ours declares the resource", async () => {
    const action = sampleAction({
      region: "us-west-2",
      writeBack: [{ type: "aws_autoscaling_group", id: "someone-elses", property: "instanceType", operation: "set", value: "m5.large" }],
    });
    const plan = samplePlan({ phases: [{ number: 2, stages: [{ region: "us-west-2", role: "canary", actions: [action] }] }] });
    const adoption = await adopt(plan, sampleState(), memorySizing());
    expect(adoption.adopted).toEqual([]);
    expect(adoption.byHand.map((patch) => patch.words)).toEqual(['aws_autoscaling_group someone-elses: set instanceType to "m5.large"']);
  });

  it("looks a resource up in the stacks of its own region, where names repeat", async () => {
    const state = sampleState({ phases: [{ number: 2, status: "passed", stages: [sampleStage("us-west-2"), sampleStage("us-east-1")] }] });
    const adoption = await adopt(samplePlan(), state, memorySizing());
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
    await expect(adopt(plan, state, sizing)).rejects.toMatchObject({ code: "sizing-not-expressible" });
    expect([...sizing.files.keys()]).toEqual([]);
  });
});
