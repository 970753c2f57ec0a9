import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import type { Service } from "@aws-sdk/client-ecs";
import { beforeEach, describe, expect, it } from "vitest";
import { countsBefore } from "../../../../../optimizer/adapters/aws/ecs/counts-before.ts";
import { answersOf } from "../../../../support/answers-of.ts";
import { scaled } from "../../../../support/container-services.ts";

const cloudTrail = answersOf(CloudTrailClient);
const clients = { cloudTrail: new CloudTrailClient({ region: "us-east-1" }) };
const day = (number: number): Date => new Date(Math.round(Date.UTC(2026, 4, 1) + (number - 1) * 86_400_000));
const dayMs = (number: number): number => day(number).getTime();
const hourMs = 3_600_000;
const minuteMs = 60_000;
const place = { cluster: "main", service: "app" };
const fixed = { kind: "seen", value: null } as const;
const now = (found: Partial<Service> = {}, scaling: Parameters<typeof countsBefore>[1]["scaling"] = fixed) =>
  countsBefore({ clients, once: (_, ask) => ask(), nowMs: dayMs(20) }, { found: { desiredCount: 8, ...found }, place, scaling });

beforeEach(() => cloudTrail.reset());

function updated(...events: readonly (readonly [number, object, object?])[]): void {
  cloudTrail.on(LookupEventsCommand).resolves({
    Events: events.map(([number, asked, responseElements = {}]) => ({
      EventTime: day(number),
      CloudTrailEvent: JSON.stringify({ requestParameters: { cluster: "main", service: "app", ...asked }, responseElements }),
    })),
  });
}

describe("the numbers of tasks that a service was to run", () => {
  it("are today's where nobody asked for another one", async () => {
    updated();
    expect(await now()).toEqual({ kind: "seen", value: [] });
    updated(
      [10, { forceNewDeployment: true }, { service: { desiredCount: 8 } }],
      [12, { desiredCount: 3, service: "other" }],
      [12, { desiredCount: 3, cluster: "test" }],
    );
    expect(await now(), "calls about something else, or another service").toEqual({ kind: "seen", value: [] });
  });

  it("count from an hour after the call, under whichever form of the names", async () => {
    const arn = (kind: string, name: string): string => `arn:aws:ecs:us-east-1:123456789012:${kind}/${name}`;
    for (const asked of [{}, { cluster: arn("cluster", "main"), service: arn("service", "main/app") }]) {
      updated([10, { ...asked, taskDefinition: "app:6" }, { service: { desiredCount: 2 } }], [12, { ...asked, desiredCount: 8 }]);
      expect(await now()).toEqual({
        kind: "seen",
        value: [
          { size: "2 tasks", fromMs: null, untilMs: dayMs(10) },
          { size: "2 tasks", fromMs: dayMs(10), untilMs: dayMs(12) },
          { size: "on its way to 8 tasks", fromMs: dayMs(12), untilMs: dayMs(12) + hourMs },
        ],
      });
    }
  });

  it("are not known where policies or schedules move them, and CloudTrail is not asked", async () => {
    expect(await now({}, scaled())).toMatchObject({ kind: "unseen", reason: expect.stringContaining("app-cpu moves the number of its tasks") });
    expect(await now({}, scaled({ policies: [], scheduledActions: ["night"] }))).toMatchObject({ kind: "unseen", reason: expect.stringContaining("night") });
    expect(await now({}, { kind: "unseen", reason: "denied" })).toEqual({ kind: "unseen", reason: "denied" });
    expect(cloudTrail.commandCalls(LookupEventsCommand)).toHaveLength(0);
    updated();
    expect(await now({}, scaled({ policies: [] })), "bounds move nothing").toMatchObject({ kind: "seen" });
  });

  it("are not known for a quarter of an hour after tasks came or went without a call that CloudTrail tells", async () => {
    const told = (minutes: number, message = "(service app) has started 3 tasks: (task 1) (task 2) (task 3).") => ({
      events: [{ createdAt: new Date(dayMs(20) - minutes * minuteMs), message }],
    });
    updated();
    expect(await now(told(14))).toMatchObject({ kind: "unseen", reason: expect.stringContaining("plan again after 2026-05-20T00:01Z") });
    expect(await now(told(15))).toMatchObject({ kind: "seen" });
    expect(await now(told(14, "(service app) has reached a steady state."))).toMatchObject({ kind: "seen" });
    updated([20 - 20 / (24 * 60), { desiredCount: 8 }]);
    expect(await now(told(14))).toMatchObject({ kind: "seen", value: [{}, {}] });
  });

  it("are unseen where CloudTrail denies them", async () => {
    cloudTrail.on(LookupEventsCommand).rejects(Object.assign(new Error("no"), { name: "AccessDeniedException", $fault: "client" }));
    expect(await now()).toMatchObject({ kind: "unseen" });
  });
});
