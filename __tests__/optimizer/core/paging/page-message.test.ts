import { describe, expect, it } from "vitest";
import { pageMessage } from "../../../../optimizer/core/paging/page-message.ts";
import type { PageEvent } from "../../../../optimizer/core/paging/page-event.ts";
import { startState } from "../../../../optimizer/core/execution/fold.ts";
import { startMs } from "../../../support/plan-builder.ts";
import { groupsOnly } from "../../../support/run-records.ts";

const plan = groupsOnly();
const event: PageEvent = {
  id: "needs-human:7",
  kind: "needs-human",
  phase: null,
  region: "us-west-2",
  round: 1,
  reason: "held",
  commands: ["optimizer continue run-1"],
};

function message(over: Partial<PageEvent> = {}) {
  return pageMessage(
    { ...event, ...over },
    {
      plan,
      state: startState(plan, "run-1"),
      nowMs: startMs,
      idle: { kind: "stop", because: "needs-human" },
      command: (words) => `npx optimizer ${words.join(" ")} --state /srv/state`,
    },
  );
}

describe("a message", () => {
  it("says in words all that its members say", () => {
    const { text, ...members } = message();
    for (const said of [members.summary, members.reason, members.account, members.run, members.at, members.next, ...members.commands])
      expect(text).toContain(said);
    expect(text).toContain("nothing of this run");
    expect(members.commands).toEqual(["npx optimizer continue run-1 --state /srv/state"]);
  });

  it("holds no secret that a reason or a command brings", () => {
    const { text, ...members } = message({ reason: "password=hunter2 was refused", commands: ["aws x --auth-token auth_token=hunter2"] });
    expect(`${text}${JSON.stringify(members)}`).not.toContain("hunter2");
    expect(text).toContain("[redacted]");
  });

  it("stays far below 256 KB however much there is to say, cuts no command in two, and says what it left out", () => {
    const commands = Array.from({ length: 500 }, (_, at) => `aws dynamodb update-table --table-name t${at} ${"x".repeat(400)}`);
    const long = message({ reason: "r".repeat(1_000_000), commands });
    expect(Buffer.byteLength(JSON.stringify(long))).toBeLessThan(40_000);
    expect(long.commands.length).toBeGreaterThan(10);
    expect(long.commands.every((command) => commands.includes(command))).toBe(true);
    expect(long.leftOut).toBe(`${500 - long.commands.length} more commands: npx optimizer status run-1 --state /srv/state`);
    expect(long.text).toContain(long.leftOut ?? "");
  });

  it("holds no link", () => {
    expect(message().text).not.toMatch(/https?:\/\//);
  });
});
