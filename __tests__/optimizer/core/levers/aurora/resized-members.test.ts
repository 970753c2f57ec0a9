import { describe, expect, it } from "vitest";
import type { AuroraMember } from "../../../../../optimizer/core/levers/aurora/cluster.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { aServerlessCluster, aServerlessMember, serverlessSees } from "../../../../support/aurora-serverless.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import type { Signal } from "../../../../support/courses.ts";
import { aCluster, aMember, aWorld, memberSees, type World } from "../../../../support/world.ts";

const writerClass = decisionsOf(ruleOf("aurora.writer-class"));
const readerCount = decisionsOf(ruleOf("aurora.reader-count"));
const capacity = decisionsOf(ruleOf("aurora.serverless-capacity"));
const startMs = aWorld().facts([]).baseline.span.startMs;

/** Was something else until that hour. */
const until = (size: string, hour: number): Pick<AuroraMember, "sizesBefore"> => ({
  sizesBefore: { kind: "seen", value: [{ size, fromMs: null, untilMs: startMs + hour * 3_600_000 }] },
});
const unseen = { sizesBefore: { kind: "unseen", reason: "LookupEvents: AccessDeniedException" } } as const;

const cluster = (writer: Partial<AuroraMember>, cpu: number | Signal, hitPercent?: number): World => {
  const members = [aMember("aurora-1", { role: "writer", ...writer }), aMember("aurora-2")];
  const here = aWorld().with(aCluster({ members }));
  return memberSees(memberSees(here, "aurora-1", { cpu, ...(hitPercent === undefined ? {} : { hitPercent }) }), "aurora-2", { cpu: 0 });
};

describe("a member that had another class before", () => {
  // Four times the vCPUs until hour 100 of 1440: 10 % of them are 40 % of today's.
  const resized: Signal = (hour) => (hour < 100 ? 10 : 40);

  it("is judged by the hours of today's class alone", () => {
    expect(writerClass.skipped(cluster(until("db.r6g.16xlarge", 100), resized))).toMatchObject({ code: "threshold-not-met" });
    expect(writerClass.proposal(cluster(until("db.r6g.16xlarge", 100), 10)).evidence[0]).toMatchObject({ completeness: 1 - 100 / 1440 });
  });

  it("is left alone while they are too few, as is the number of readers beside it", () => {
    const few = cluster(until("db.r6g.16xlarge", 1200), 10);
    expect(writerClass.skipped(few)).toMatchObject({
      code: "insufficient-data",
      detail: expect.stringContaining("without the hours in which aurora-1 was not db.r6g.4xlarge (db.r6g.16xlarge)"),
    });
    const three = aCluster({ members: [aMember("aurora-1", { role: "writer", ...until("db.r6g.16xlarge", 1200) }), aMember("aurora-2"), aMember("aurora-3")] });
    const seen = three.members.reduce((world, { identifier }) => memberSees(world, identifier, { cpu: 5 }), aWorld().with(three));
    expect(readerCount.skipped(seen).code).toBe("insufficient-data");
  });

  it("is not called small enough by what the pool of the larger one kept from storage", () => {
    const hits = cluster(until("db.r6g.16xlarge", 1200), 10, 99.9);
    expect(writerClass.skipped(hits).code).toBe("insufficient-data");
  });

  it("is skipped where CloudTrail could not be asked, with the call", () => {
    expect(writerClass.skipped(cluster(unseen, 10))).toMatchObject({ code: "unreadable", detail: expect.stringContaining("LookupEvents") });
  });
});

describe("a serverless member whose cluster had another range before", () => {
  const seen = (member: Partial<AuroraMember>): World => {
    const serverless = aServerlessCluster({ members: [aServerlessMember(1, member), aServerlessMember(2, member)] });
    return serverlessSees(aWorld().with(serverless), serverless);
  };

  it("is judged by the hours of today's range, since its CPU is a share of the maximum", () => {
    expect(capacity.skipped(seen(until("8 to 128 ACUs", 1200)))).toMatchObject({ code: "insufficient-data", detail: expect.stringContaining("8 to 128 ACUs") });
    expect(capacity.proposal(seen(until("8 to 128 ACUs", 100)))).toMatchObject({ kind: "proposal" });
  });

  it("is skipped where CloudTrail could not be asked", () => {
    expect(capacity.skipped(seen(unseen))).toMatchObject({ code: "unreadable" });
  });
});
