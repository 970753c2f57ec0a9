import { expect, it } from "vitest";
import { startRun } from "../../../optimizer/app/drive-run.ts";
import type { Look } from "../../../optimizer/ports/look.ts";
import { driver, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan } from "../../support/plan-builder.ts";

it("asks for states and tags of what is in place as one look, and for each slot as another", async () => {
  const account = new TestAccount(buildTestPlan());
  const ports = openProcess(account);
  const states: (Look | undefined)[] = [];
  const tags: (Look | undefined)[] = [];
  await startRun(account.stored, driver, {
    ...ports,
    changeReader: {
      ...ports.changeReader,
      statesOf: (asked, look) => {
        // What an action's later steps are about is looked at before its first write, without tags.
        if (look?.description !== "before the first write") states.push(look);
        return ports.changeReader.statesOf(asked, look);
      },
    },
    tags: {
      tagsOf: (asked, look) => {
        tags.push(look);
        return ports.tags.tagsOf(asked, look);
      },
    },
  });
  expect(states.length).toBeGreaterThan(40);
  expect(states).not.toContain(undefined);
  expect(new Set(states).size).toBe(states.length);
  // Tags before a change are read for that change alone.
  const ofLooks = tags.filter((look) => look !== undefined);
  expect(new Set(ofLooks)).toEqual(new Set(states));
});
