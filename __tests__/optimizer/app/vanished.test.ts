import { describe, expect, it } from "vitest";
import type { ChangeKind } from "../../../optimizer/core/levers/change-kinds.ts";
import type { Action } from "../../../optimizer/core/model/action.ts";
import { type ActionName, actionNames, openSimulatedRun, tried } from "../../support/simulated-run.ts";

/** The same action, of a resource that is not there: as if somebody had deleted it since the plan was made. */
function ofNothing(action: Action): Action {
  const names = action.resource.id.split("/");
  const renamed = names.reduce((text, name) => text.replaceAll(name, "vanished"), JSON.stringify({ ...action, id: "" }));
  return { ...(JSON.parse(renamed) as Action), id: action.id };
}

/** Of a group whose launch template is still there the tags are what is missed first: what nobody can say counts as a tenant's. */
const missedFirst: { readonly [N in ActionName]?: string } = { "smaller instances": "tenant-resource" };

describe.each(actionNames)("a resource that vanished between plan and act: %s", (name) => {
  it("is left alone, with nothing written and the reason told", async () => {
    const run = await openSimulatedRun(name, { planned: (actions) => actions.slice(0, 1).map(ofNothing) });
    await run.drive();
    expect(run.mutations).toEqual([]);
    const [action] = run.test.state().phases[0]?.stages[0]?.actions ?? [];
    expect(action).toMatchObject({
      status: "skipped",
      skip: { code: missedFirst[name] ?? "not-found", detail: expect.stringMatching(/vanished|not found|does not exist/i) },
    });
    expect(run.test.state().outcome).toBe("nothing-to-do");
  });
});

it("is tried of every kind of change", () => {
  const names = new Set((Object.keys(tried) as ChangeKind[]).flatMap((kind) => tried[kind]));
  expect([...names].toSorted()).toEqual(actionNames.toSorted());
});
