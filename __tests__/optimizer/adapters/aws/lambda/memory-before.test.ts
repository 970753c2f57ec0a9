import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { beforeEach, describe, expect, it } from "vitest";
import { memoryBefore } from "../../../../../optimizer/adapters/aws/lambda/memory-before.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const cloudTrail = answersOf(CloudTrailClient);
const client = new CloudTrailClient({ region: "us-east-1" });
const day = (number: number): Date => new Date(Date.UTC(2026, 4, number));
const dayMs = (number: number): number => day(number).getTime();
const modified = (lastModifiedMs: number) =>
  memoryBefore({ clients: { cloudTrail: client }, once: (_, ask) => ask(), nowMs: dayMs(20) }, { name: "worker", memoryMb: 1024, lastModifiedMs });
const of = () => modified(dayMs(1));

beforeEach(() => cloudTrail.reset());

function updated(...events: readonly (readonly [number, object, object?])[]): void {
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
  cloudTrail.on(LookupEventsCommand, { LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "UpdateFunctionConfiguration20150331v2" }] }).resolves({
    Events: events.map(([number, requestParameters, responseElements = {}]) => ({
      EventTime: day(number),
      CloudTrailEvent: JSON.stringify({ requestParameters, responseElements }),
    })),
  });
}

describe("the memory that a function had", () => {
  it("is another until the call that set today's, under whichever form of its name", async () => {
    for (const functionName of ["worker", "arn:aws:lambda:us-east-1:123456789012:function:worker", "123456789012:function:worker"]) {
      updated([10, { functionName, memorySize: 1024 }, { memorySize: 1024 }]);
      expect(await of()).toMatchObject({ kind: "seen", value: [{ fromMs: null, untilMs: dayMs(10) }, { fromMs: dayMs(10) }] });
    }
  });

  it("is told by the answers to calls of other settings", async () => {
    updated([8, { functionName: "worker", timeout: 60 }, { memorySize: 3008 }], [10, { functionName: "worker", memorySize: 1024 }]);
    expect(await of()).toMatchObject({ value: [{ size: "3008 MB", fromMs: null, untilMs: dayMs(8) }, { size: "3008 MB", untilMs: dayMs(10) }, {}] });
    updated([8, { functionName: "worker", timeout: 60 }, { memorySize: 1024 }]);
    expect(await of()).toEqual({ kind: "seen", value: [] });
  });

  it("is not known for a quarter of an hour after a change of which CloudTrail does not tell yet", async () => {
    const minuteMs = 60_000;
    updated([10, { functionName: "worker", memorySize: 1024 }]);
    expect(await modified(dayMs(20) - 14 * minuteMs)).toEqual({
      kind: "unseen",
      reason:
        "worker was modified (LastModified) at 2026-05-19T23:46Z, and CloudTrail, which may be 15 minutes late, does not tell why yet: plan again after 2026-05-20T00:01Z",
    });
    expect(await modified(dayMs(20) - 15 * minuteMs), "it has had the time").toMatchObject({ kind: "seen" });
    updated([20, { functionName: "worker", timeout: 60 }, { memorySize: 1024 }]);
    expect(await modified(dayMs(20) - minuteMs), "it tells").toEqual({ kind: "seen", value: [] });
    updated([20, { functionName: "worker-2", timeout: 60 }]);
    expect(await modified(dayMs(20) - minuteMs), "of another function").toMatchObject({ kind: "unseen" });
  });

  it("is another function's until it was created", async () => {
    cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
    cloudTrail.on(LookupEventsCommand, { LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "CreateFunction20150331" }] }).resolves({
      Events: [{ EventTime: day(10), CloudTrailEvent: JSON.stringify({ requestParameters: { functionName: "worker", memorySize: 1024 } }) }],
    });
    expect(await of()).toMatchObject({ value: [{ fromMs: null, untilMs: dayMs(10) }, {}] });
  });

  it("is no other function's", async () => {
    updated([10, { functionName: "worker-2", memorySize: 1024 }], [10, { functionName: "arn:aws:lambda:us-east-1:123456789012:function:other:worker" }]);
    expect(await of()).toEqual({ kind: "seen", value: [] });
  });
});
