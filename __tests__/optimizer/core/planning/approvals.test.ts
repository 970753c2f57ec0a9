import { describe, expect, it } from "vitest";
import { approvalsOf, refuseUnknownRules, unusedApprovals } from "../../../../optimizer/core/planning/approvals.ts";
import type { Decision } from "../../../../optimizer/core/model/rule.ts";
import { sampleAction, sampleProposal, sampleSkip } from "../../../support/sample-run.ts";

const approval = { why: "older backups are gone for good" };
const west = sampleAction({ region: "us-west-2", approval });
const east = sampleAction({ approval });
const other = sampleAction({ id: "asg.instance-type:us-east-1:other", approval });
const free = sampleAction({ id: "asg.instance-type:us-east-1:free" });
const decisions: readonly Decision[] = [west, east, other, free].map((action) => sampleProposal(action));

function approved(given: readonly string[], policy: readonly string[] = []) {
  return approvalsOf(decisions, { given: given.map((text) => ({ given: text, by: "ann@desk" })), policy });
}

describe("an approval", () => {
  it("is the action's id as printed, and remembers who gave it", () => {
    expect(approved([west.id])).toEqual([{ action: west.id, by: "ann@desk" }]);
  });

  it("must name a rule that there is, before anything is read", () => {
    const refuse = (text: string) => () =>
      refuseUnknownRules({ given: [{ given: text, by: "ann@desk" }], policy: [] }, ["aurora.backup-retention", "asg.capacity"]);
    expect(refuse("asg.capacity:us-east-1:web")).not.toThrow();
    expect(refuse("asg.capacty:us-east-1:web")).toThrow(expect.objectContaining({ hint: "did you mean --approve asg.capacity?" }));
    expect(refuse("x")).toThrow(expect.objectContaining({ hint: "leave it out, or give an id that `optimizer plan` prints" }));
  });

  it("may be of an action whose id says nothing of its region, as it stands", () => {
    const odd = sampleAction({ id: "asg.instance-type:everywhere", approval });
    expect(approvalsOf([sampleProposal(odd)], { given: [{ given: odd.id, by: "ann@desk" }], policy: [] })).toEqual([{ action: odd.id, by: "ann@desk" }]);
    expect(() => approvalsOf([sampleProposal(odd)], { given: [{ given: "asg.instance-type:web", by: "ann@desk" }], policy: [] })).toThrow(
      expect.objectContaining({ code: "approval-unknown" }),
    );
  });

  it.each([undefined, "by-plan"])("of what is not proposed says why: part %j", (part) => {
    const left = sampleSkip({ detail: "it is read", ...(part === undefined ? {} : { part }) });
    const end = part === undefined ? "" : `:${part}`;
    for (const given of [`dynamodb.unused-gsi:us-east-1:tenant-acme-events${end}`, `dynamodb.unused-gsi:tenant-acme-events${end}`])
      expect(() => approvalsOf([left], { given: [{ given, by: "ann@desk" }], policy: [] })).toThrow(`--approve ${given}: it is not proposed: it is read`);
  });

  it("may leave the region out where only one action is meant", () => {
    expect(approved(["asg.instance-type:other"])).toEqual([{ action: other.id, by: "ann@desk" }]);
  });

  it("that could mean several actions is refused, and names them all", () => {
    expect(() => approved(["asg.instance-type:tap-prod-asg"])).toThrow(
      expect.objectContaining({ code: "approval-unknown", hint: expect.stringContaining(`--approve ${west.id}, --approve ${east.id}`) }),
    );
  });

  it("of no proposed action is refused, and names the nearest", () => {
    expect(() => approved([`${other.id}s`])).toThrow(
      expect.objectContaining({ code: "approval-unknown", hint: expect.stringContaining(`did you mean --approve ${other.id}?`) }),
    );
    // Those that need none are not listed.
    expect(() => approved(["asg.instance-type:othr"])).toThrow(
      expect.objectContaining({
        hint: `did you mean --approve asg.instance-type:other?; actions that need an approval: ${west.id}, ${east.id}, ${other.id}`,
      }),
    );
    expect(() => approved(["?"])).toThrow(expect.objectContaining({ hint: expect.stringMatching(/^actions that need an approval: /) }));
    expect(() => approvalsOf([], { given: [{ given: west.id, by: "ann@desk" }], policy: [] })).toThrow(
      expect.objectContaining({ hint: "no proposed action needs an approval" }),
    );
  });

  it("stands in the policy by an action's id, or by a rule's for all of its actions", () => {
    expect(approved([], [east.id])).toEqual([{ action: east.id, by: "policy" }]);
    expect(approved([west.id], ["asg.instance-type"])).toEqual([
      { action: west.id, by: "ann@desk" },
      { action: east.id, by: "policy" },
      { action: other.id, by: "policy" },
    ]);
  });

  it("in the policy of something that is not proposed approves of nothing", () => {
    expect(approved([], ["asg.instance-type:us-east-1:gone", "a.rule"])).toEqual([]);
  });

  it("of what needs none changes nothing", () => {
    expect(approved([free.id])).toEqual([]);
  });

  it("that names no rule is refused before anything is read", () => {
    expect(() => refuseUnknownRules({ given: [{ given: "asg.instance-typ:x", by: "ann@desk" }], policy: [] }, ["asg.instance-type"])).toThrow(
      expect.objectContaining({ hint: "did you mean --approve asg.instance-type?" }),
    );
    expect(() => refuseUnknownRules({ given: [], policy: ["asg.instance-typ"] }, ["asg.instance-type"])).toThrow(
      expect.objectContaining({
        message: "approvals of the policy: asg.instance-typ: there is no rule asg.instance-typ",
        hint: "did you mean asg.instance-type?",
      }),
    );
    expect(() => refuseUnknownRules({ given: [], policy: ["xyzzy"] }, ["asg.instance-type"])).toThrow(
      expect.objectContaining({ hint: "leave it out, or name a rule or an action" }),
    );
    expect(() =>
      refuseUnknownRules({ given: [{ given: "asg.instance-type:x", by: "ann@desk" }], policy: ["asg.instance-type"] }, ["asg.instance-type"]),
    ).not.toThrow();
  });

  it.each(["dynamodb.unused-gsi:us-east-1:events:by-day", "dynamodb.unused-gsi:events:by-day", "dynamodb.unused-gsi:us-east-1:events"])(
    "of what the plan leaves alone says why it does: %s",
    (given) => {
      const left = sampleSkip({ resource: { kind: "dynamodb-table", region: "us-east-1", id: "events" }, part: "by-day", detail: "somebody reads it" });
      expect(() => approvalsOf([...decisions, left], { given: [{ given, by: "ann@desk" }], policy: [] })).toThrow(
        expect.objectContaining({ code: "approval-unknown", message: `--approve ${given}: it is not proposed: somebody reads it` }),
      );
    },
  );

  it("in the policy of an action that is not proposed is told, with the nearest that is", () => {
    expect(unusedApprovals(decisions, [east.id, "asg.instance-type", `${other.id}s`, "redis.size:us-east-1:none"])).toEqual([
      `approvals of the policy: ${other.id}s: no proposed action has that id; did you mean ${other.id}?`,
      "approvals of the policy: redis.size:us-east-1:none: no proposed action has that id",
    ]);
  });
});
