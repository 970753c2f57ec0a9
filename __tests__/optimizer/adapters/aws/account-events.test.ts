import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { beforeEach, describe, expect, it } from "vitest";
import { accountEvents } from "../../../../optimizer/adapters/aws/account-events.ts";
import type { ReadOnce } from "../../../../optimizer/adapters/aws/service-adapters.ts";
import { answersOf } from "../../../support/answers-of.ts";

const cloudTrail = answersOf(CloudTrailClient);
const client = new CloudTrailClient({ region: "us-east-1" });
const time = new Date("2026-05-20T10:00:00Z");
const event = (record: unknown) => ({ EventTime: time, CloudTrailEvent: typeof record === "string" ? record : JSON.stringify(record) });
const read = (once: ReadOnce = (_, ask) => ask()) => accountEvents(client, once, "ModifyDBInstance");

beforeEach(() => cloudTrail.reset());

describe("the calls of one name", () => {
  it("are asked for by name, fifty a page, and read to the last page", async () => {
    cloudTrail
      .on(LookupEventsCommand)
      .resolves({ Events: [event({ requestParameters: { dBInstanceIdentifier: "a" }, responseElements: { dBInstanceClass: "x" } })], NextToken: "2" });
    cloudTrail.on(LookupEventsCommand, { NextToken: "2" }).resolves({ Events: [event({ requestParameters: {}, responseElements: null })] });
    expect(await read()).toEqual({
      kind: "seen",
      value: [
        { atMs: time.getTime(), request: { dBInstanceIdentifier: "a" }, response: { dBInstanceClass: "x" } },
        { atMs: time.getTime(), request: {}, response: {} },
      ],
    });
    expect(cloudTrail.commandCalls(LookupEventsCommand)[0]?.args[0].input).toMatchObject({
      LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "ModifyDBInstance" }],
      MaxResults: 50,
    });
  });

  it("leave out those that AWS refused, whatever they asked for", async () => {
    cloudTrail.on(LookupEventsCommand).resolves({ Events: [event({ errorCode: "InvalidDBInstanceState", requestParameters: { dBInstanceClass: "x" } })] });
    expect(await read()).toEqual({ kind: "seen", value: [] });
  });

  it.each([
    ["no JSON", "{"],
    ["no record", "[]"],
    ["a call without its parameters", "{}"],
  ])("are unseen with %s among them: it may be about any resource", async (_, text) => {
    cloudTrail.on(LookupEventsCommand).resolves({ Events: [event(text)] });
    expect(await read()).toMatchObject({ kind: "unseen", reason: expect.stringContaining("an event of ModifyDBInstance is not in CloudTrail's form") });
  });

  it.each(["AccessDeniedException", "ThrottlingException", "UnsupportedOperationException"])("are unseen where AWS answers %s", async (name) => {
    cloudTrail.on(LookupEventsCommand).rejects(Object.assign(new Error("no"), { name, $fault: "client" }));
    expect(await read()).toEqual({ kind: "unseen", reason: `CloudTrail's LookupEvents: ${name}: no` });
  });

  it("are no answer where the connection is lost or credentials are", async () => {
    for (const name of ["TimeoutError", "ExpiredTokenException"]) {
      cloudTrail.on(LookupEventsCommand).rejects(Object.assign(new Error("no"), { name }));
      await expect(read()).rejects.toThrow("no");
    }
  });

  it("are given up where they would take minutes", async () => {
    cloudTrail.on(LookupEventsCommand).resolves({ Events: [], NextToken: "more" }).on(LookupEventsCommand, { NextToken: "more" }).resolves({ NextToken: "on" });
    cloudTrail.on(LookupEventsCommand, { NextToken: "on" }).resolves({ NextToken: "more" });
    expect(await read()).toMatchObject({ kind: "unseen", reason: expect.stringContaining("more than 10000 times") });
    expect(cloudTrail.commandCalls(LookupEventsCommand)).toHaveLength(200);
  });

  it("are asked for once, whoever needs them", async () => {
    cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
    const asked: string[] = [];
    await read((what, ask) => {
      asked.push(what);
      return ask();
    });
    expect(asked).toEqual(["LookupEvents ModifyDBInstance"]);
  });
});
