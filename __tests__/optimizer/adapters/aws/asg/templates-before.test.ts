import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { beforeEach, describe, expect, it } from "vitest";
import { templatesBefore } from "../../../../../optimizer/adapters/aws/asg/templates-before.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const cloudTrail = answersOf(CloudTrailClient);
beforeEach(() => cloudTrail.reset());

const dayMs = (day: number): number => Date.UTC(2026, 4, day);
const settledMs = 6 * 3_600_000;

type Called = readonly [day: number, request: object];

async function read(updated: readonly Called[], refreshed: readonly Called[] = [], copied: readonly Called[] = []) {
  const events = (called: readonly Called[]) =>
    called.map(([day, asked]) => ({
      EventTime: new Date(dayMs(day)),
      CloudTrailEvent: JSON.stringify({ requestParameters: { autoScalingGroupName: "web", ...asked }, responseElements: null }),
    }));
  const named = (AttributeValue: string) => ({ LookupAttributes: [{ AttributeKey: "EventName" as const, AttributeValue }] });
  cloudTrail.on(LookupEventsCommand, named("UpdateAutoScalingGroup")).resolves({ Events: events(updated) });
  cloudTrail.on(LookupEventsCommand, named("StartInstanceRefresh")).resolves({ Events: events(refreshed) });
  cloudTrail.on(LookupEventsCommand, named("CreateLaunchTemplateVersion")).resolves({ Events: events(copied) });
  const clients = { cloudTrail: new CloudTrailClient({ region: "us-east-1" }) };
  return templatesBefore({ clients, once: (_, ask) => ask() }, { group: "web", templateId: "lt-1", templateName: "web" });
}

const today = { launchTemplate: { launchTemplateId: "lt-1", version: "3" } };
const before = (day: number) => ({ instanceType: "of a template that no record tells", otherTemplate: true, fromMs: 0, untilMs: dayMs(day) + settledMs });

describe("what a group launched from before", () => {
  it("is today's template where no call pointed it anywhere: sizes, other groups, and refreshes that name nothing", async () => {
    const value = await read(
      [
        [3, { minSize: 4 }],
        [4, { ...today, autoScalingGroupName: "other" }],
      ],
      [[5, { preferences: { minHealthyPercentage: 90 } }]],
    );
    expect(value).toEqual({ kind: "seen", value: [] });
  });

  it.each([
    ["by the template's id", today],
    ["by its name", { launchTemplate: { launchTemplateName: "web", version: "$Latest" } }],
  ])("is not known of the time before the first call that names a template, and today's from then on: %s", async (_, asked) => {
    expect(
      await read([
        [9, asked],
        [20, today],
      ]),
    ).toEqual({ kind: "seen", value: [before(9)] });
  });

  it.each<[string, object, string]>([
    ["another template", { launchTemplate: { launchTemplateId: "lt-2", version: "1" } }, "of launch template lt-2"],
    ["another template by its name", { launchTemplate: { launchTemplateName: "old" } }, "of launch template old"],
    ["a mixture of types", { mixedInstancesPolicy: { launchTemplate: {} } }, "of a mixed instances policy"],
    ["a launch configuration", { launchConfigurationName: "lc" }, "of launch configuration lc"],
  ])("is %s from the call that names it until some hours after the next", async (_, other, instanceType) => {
    expect(
      await read([
        [20, today],
        [9, other],
      ]),
    ).toEqual({
      kind: "seen",
      value: [before(9), { instanceType, otherTemplate: true, fromMs: dayMs(9), untilMs: dayMs(20) + settledMs }],
    });
    expect(await read([[9, other]]), "nobody knows until when").toMatchObject({ value: [before(9), { instanceType, untilMs: null }] });
  });

  const ofCopy = (more: object = {}) => ({ CreateLaunchTemplateVersionRequest: { LaunchTemplateId: "lt-1", SourceVersion: "2", ...more } });

  it("is today's template, too, where a version of that had been copied within the day before", async () => {
    for (const copy of [ofCopy(), { launchTemplateId: "lt-1", sourceVersion: "2" }, ofCopy({ LaunchTemplateId: undefined, LaunchTemplateName: "web" })])
      expect(
        await read(
          [
            [9, today],
            [20, today],
          ],
          [],
          [[9, copy]],
        ),
      ).toEqual({ kind: "seen", value: [] });
  });

  it.each<[string, number, object]>([
    ["a version that was no copy", 9, ofCopy({ SourceVersion: undefined })],
    ["a copy of another template's", 9, ofCopy({ LaunchTemplateId: "lt-2" })],
    ["a copy of two days before", 7, ofCopy()],
    ["a copy of afterwards", 10, ofCopy()],
  ])("is not known with %s", async (_, day, copy) => {
    expect(await read([[9, today]], [], [[day, copy]])).toEqual({ kind: "seen", value: [before(9)] });
  });

  it("is what a refresh was started with", async () => {
    const value = await read([], [[9, { desiredConfiguration: { launchTemplate: { launchTemplateId: "lt-2" } } }]]);
    expect(value).toMatchObject({ value: [before(9), { instanceType: "of launch template lt-2" }] });
  });

  it("is not seen where CloudTrail may not be asked", async () => {
    cloudTrail.on(LookupEventsCommand).rejects(Object.assign(new Error("no"), { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } }));
    const clients = { cloudTrail: new CloudTrailClient({ region: "us-east-1" }) };
    const found = await templatesBefore({ clients, once: (_, ask) => ask() }, { group: "web", templateId: "lt-1", templateName: undefined });
    expect(found).toEqual({ kind: "unseen", reason: "CloudTrail's LookupEvents: AccessDeniedException: no" });
  });
});
