import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { beforeEach, describe, expect, it } from "vitest";
import { tasksRunBeside } from "../../../../../optimizer/adapters/aws/ecs/tasks-run.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const cloudTrail = answersOf(CloudTrailClient);
beforeEach(() => {
  cloudTrail.reset();
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
});

const read = () => tasksRunBeside(new CloudTrailClient({ region: "us-east-1" }), (_, ask) => ask(), "app");

/** Each asked of on a day of May. */
function called(name: "RunTask" | "StartTask", ...requests: readonly (readonly [day: number, request: object])[]): void {
  cloudTrail.on(LookupEventsCommand, { LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: name }] }).resolves({
    Events: requests.map(([day, requestParameters]) => ({
      EventTime: new Date(Date.UTC(2026, 4, day)),
      CloudTrailEvent: JSON.stringify({ requestParameters, responseElements: {} }),
    })),
  });
}

describe("tasks that are run beside the services", () => {
  it.each([
    ["by the family's name", "app"],
    ["by an ARN without a revision", "arn:aws:ecs:us-east-1:123456789012:task-definition/app"],
  ])("take the newest revision where it is named %s: each starter once, with its latest day", async (_, taskDefinition) => {
    called(
      "RunTask",
      [2, { taskDefinition, startedBy: "events-rule/nightly" }],
      [9, { taskDefinition, startedBy: "events-rule/nightly" }],
      [4, { taskDefinition }],
    );
    called("StartTask", [5, { taskDefinition, group: "family:app" }]);
    expect(await read()).toEqual({
      kind: "seen",
      value: [
        "events-rule/nightly ran a task of app, last on 2026-05-09",
        "family:app ran a task of app, last on 2026-05-05",
        "somebody ran a task of app, last on 2026-05-04",
      ],
    });
  });

  it.each([
    "app:7",
    "arn:aws:ecs:us-east-1:123456789012:task-definition/app:7",
    "app-jobs",
    "my-app",
    "arn:aws:ecs:us-east-1:123456789012:task-definition/other",
  ])("are nobody's who would take a new revision: %s", async (taskDefinition) => {
    called("RunTask", [2, { taskDefinition, startedBy: "events-rule/nightly" }]);
    expect(await read()).toEqual({ kind: "seen", value: [] });
  });

  it("are not seen where CloudTrail may not be asked", async () => {
    cloudTrail.on(LookupEventsCommand).rejects(Object.assign(new Error("no"), { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } }));
    expect(await read()).toEqual({ kind: "unseen", reason: "CloudTrail's LookupEvents: AccessDeniedException: no" });
  });
});
