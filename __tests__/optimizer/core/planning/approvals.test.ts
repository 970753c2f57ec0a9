import { describe, expect, it } from "vitest";
import { UserError } from "../../../../contract/user-error.ts";
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

/** What a person reads who approved of something that there is not. */
function refusal(approve: () => unknown): { readonly message: string; readonly hint: string } {
  try {
    approve();
  } catch (error) {
    if (error instanceof UserError) return { message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error("it was taken");
}

describe("who approves of something that there is not", () => {
  const alone = [sampleProposal(free), sampleSkip({ detail: "it is read" })];
  const nobodyWaits = "no proposed action needs an approval";
  const waiting = `actions that need an approval: ${west.id}, ${east.id}, ${other.id}`;

  it.each<readonly [string, readonly Decision[], string, string, string]>([
    [
      "several actions of one name",
      decisions,
      "asg.instance-type:tap-prod-asg",
      "it names 2 actions",
      `give one of them whole: --approve ${west.id}, --approve ${east.id}`,
    ],
    ["a name that is nearly one", decisions, `${other.id}s`, "no proposed action has that id", `did you mean --approve ${other.id}?; ${waiting}`],
    ["a name like none", decisions, "?", "no proposed action has that id", waiting],
    ["nearly one where none waits", alone, `${free.id}s`, "no proposed action has that id", `did you mean --approve ${free.id}?; ${nobodyWaits}`],
    ["a name like none where none waits", alone, "?", "no proposed action has that id", nobodyWaits],
    [
      "what is left alone",
      alone,
      "dynamodb.unused-gsi:us-east-1:tenant-acme-events",
      "it is not proposed: it is read",
      "leave it out; `optimizer plan` prints what is proposed",
    ],
  ])("is told what the matter is and what to do: %s", (_, made, given, problem, hint) => {
    expect(refusal(() => approvalsOf(made, { given: [{ given, by: "ann@desk" }], policy: [] }))).toEqual({ message: `--approve ${given}: ${problem}`, hint });
  });

  it.each<readonly [string, Parameters<typeof refuseUnknownRules>[0], string, string]>([
    [
      "a rule that is nearly one, by hand",
      { given: [{ given: "asg.capacty:us-east-1:web", by: "ann@desk" }], policy: [] },
      "--approve asg.capacty:us-east-1:web: there is no rule asg.capacty",
      "did you mean --approve asg.capacity?",
    ],
    [
      "one like none, by hand",
      { given: [{ given: "?", by: "ann@desk" }], policy: [] },
      "--approve ?: there is no rule ?",
      "leave it out, or give an id that `optimizer plan` prints",
    ],
    [
      "a rule that is nearly one, by policy",
      { given: [{ given: "asg.capacity:us-east-1:web", by: "ann@desk" }], policy: ["asg.capacity", "asg.capacty:us-east-1:web"] },
      "approvals of the policy: asg.capacty:us-east-1:web: there is no rule asg.capacty",
      "did you mean asg.capacity?",
    ],
    ["one like none, by policy", { given: [], policy: ["?"] }, "approvals of the policy: ?: there is no rule ?", "leave it out, or name a rule or an action"],
  ])("is told before anything is read: %s", (_, consent, message, hint) => {
    expect(refusal(() => refuseUnknownRules(consent, ["aurora.backup-retention", "asg.capacity"]))).toEqual({ message, hint });
  });

  it("by policy is told of actions that are not proposed, without those that need no approval", () => {
    const gone = `${free.id}s`;
    expect(unusedApprovals(alone, ["asg.instance-type", free.id, gone])).toEqual([`approvals of the policy: ${gone}: no proposed action has that id`]);
    expect(unusedApprovals([sampleSkip()], [west.id])).toEqual([`approvals of the policy: ${west.id}: no proposed action has that id`]);
  });

  it("finds the action that follows another as well as the other", () => {
    const follower = sampleAction({ id: `${other.id}:after`, after: other.id, approval });
    const both = [sampleProposal(free, { followUps: [{ action: follower, savings: { kind: "known", usd: 1 } }] })];
    expect(approvalsOf(both, { given: [{ given: "asg.instance-type:other:after", by: "ann@desk" }], policy: [] })).toEqual([
      { action: follower.id, by: "ann@desk" },
    ]);
    expect(unusedApprovals(both, [follower.id])).toEqual([]);
  });
});
