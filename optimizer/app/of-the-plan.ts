import { type Change, changeFacts, type ChangeState } from "../core/levers/change-kinds.ts";
import { type Inventory, resourceAt, resourceKinds } from "../core/levers/resource-kinds.ts";
import { type ResourceRef, refKey } from "../core/model/resource-ref.ts";
import type { ChangeReader } from "../ports/changes.ts";
import type { BirthReader } from "../ports/inventory.ts";
import type { Look } from "../ports/look.ts";

interface Wanted {
  readonly ref: ResourceRef;
  readonly born: string;
}

/**
 * Reads the states of the resources that a plan is about, and of no others: one that was deleted and made anew under the same name is
 * somebody else's, whatever it looks like, and the plan's own is missing. Plans of older releases do not tell them apart.
 */
export function ofThePlan(reader: ChangeReader, births: BirthReader, inventory: Inventory): ChangeReader {
  async function statesOf(changes: readonly Change[], look: Look = Symbol("look")): Promise<readonly ChangeState[]> {
    const states = await reader.statesOf(changes, look);
    const another = await madeAnew(changes, look);
    return states.map((state, at) => another.get(keyOf(changes[at])) ?? state);
  }
  async function madeAnew(changes: readonly Change[], look: Look): Promise<ReadonlyMap<string, ChangeState>> {
    const wanted = new Map(changes.flatMap((change) => wantedOf(change, inventory)).map((each) => [refKey(each.ref), each]));
    const now =
      wanted.size === 0
        ? []
        : await births.bornOf(
            [...wanted.values()].map(({ ref }) => ref),
            look,
          );
    return new Map([...wanted].flatMap(([key, { ref, born }], at) => (now[at] === undefined || now[at] === born ? [] : [[key, goneFrom(ref, born, now[at])]])));
  }
  return {
    reaches: (change, known) => reader.reaches(change, known),
    statesOf,
    async stateOf<C extends Change>(change: C): Promise<ChangeState<C>> {
      if (wantedOf(change, inventory).length === 0) return reader.stateOf(change);
      const [state] = await statesOf([change]);
      return state as ChangeState<C>;
    },
  };
}

function wantedOf(change: Change, inventory: Inventory): readonly Wanted[] {
  const ref = resourceOf(change);
  const born = resourceAt(inventory, ref)?.born;
  return born === undefined ? [] : [{ ref, born }];
}

function keyOf(change: Change | undefined): string {
  return change === undefined ? "" : refKey(resourceOf(change));
}

function resourceOf(change: Change): ResourceRef {
  const { kind, region, id } = changeFacts<Change>(change).resourceOf(change);
  return { kind, region, id };
}

function goneFrom({ kind, id }: ResourceRef, born: string, now: string): ChangeState {
  return { kind: "missing", detail: `${resourceKinds[kind].word} ${id} was deleted, and another one was made under its name: ${now}, not ${born}` };
}
