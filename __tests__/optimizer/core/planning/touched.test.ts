import { expect, it } from "vitest";
import type { ChangeStep } from "../../../../optimizer/core/model/action.ts";
import { forwardChanges, regionsTouchedBy, touchedBy } from "../../../../optimizer/core/planning/touched.ts";
import { sampleAction } from "../../../support/sample-run.ts";
import { aGroup, anIndex, aTable, aWorld, primary, secondary } from "../../../support/world.ts";

const regions = [primary, secondary];
const { ref } = aTable();
const { inventory } = aWorld().with(...regions.map((region) => aTable({ region, replicaRegions: regions })), aGroup());

function removalOf(index: string): ChangeStep {
  const change = { kind: "dynamodb.index", region: primary, table: ref.id, index, before: anIndex().definition, after: null } as const;
  return { kind: "change", id: index, description: "", change };
}

const removal = sampleAction({ resource: ref, steps: [removalOf("by-email")] });

it("an action touches what its changes are copied to, and its own region first", () => {
  expect(touchedBy(removal, inventory)).toEqual([{ ...ref, region: secondary }]);
  expect(regionsTouchedBy(removal, inventory)).toEqual(regions);
});

it("an action that is copied nowhere touches its own region alone", () => {
  const alone = aWorld().with(aTable()).inventory;
  expect(touchedBy(removal, alone)).toEqual([]);
  expect(regionsTouchedBy(removal, alone)).toEqual([primary]);
});

it("changes that an older plan makes only after its window was passed count as well, once each region", () => {
  const later = [removalOf("by-name")];
  const changes = (action: typeof removal) => forwardChanges(action).map((change) => (change.kind === "dynamodb.index" ? change.index : change.kind));
  expect(changes(removal)).toEqual(["by-email"]);
  expect(changes({ ...removal, afterPass: later })).toEqual(["by-email", "by-name"]);
  expect(changes({ ...removal, steps: [], afterPass: [removalOf("by-email")] })).toEqual(["by-email"]);
  expect(regionsTouchedBy({ ...removal, afterPass: later }, inventory)).toEqual(regions);
});
