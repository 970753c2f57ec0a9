import type { ChangedResource } from "../core/levers/change-facts.ts";
import { type Change, changeFacts, type ChangeState } from "../core/levers/change-kinds.ts";
import { type Inventory, resourceAt, resourceKinds } from "../core/levers/resource-kinds.ts";
import { refKey } from "../core/model/resource-ref.ts";
import type { ChangeReader } from "../ports/changes.ts";
import type { BirthReader } from "../ports/inventory.ts";
import type { Look } from "../ports/look.ts";

interface Wanted {
  readonly ref: ChangedResource;
  readonly born: string;
}

/**
 * Reads the states of the resources that a plan is about, and of no others: one that was deleted and made anew under the same name, as a whole
 * or the part that a change is about, is somebody else's, whatever it looks like, and the plan's own is missing. Plans of older releases do not
 * tell them apart.
 */
export function ofThePlan(reader: ChangeReader, births: BirthReader, inventory: Inventory): ChangeReader {
  async function statesOf(changes: readonly Change[], look: Look = Symbol("look")): Promise<readonly ChangeState[]> {
    const states = await reader.statesOf(changes, look);
    const wanted = changes.map((change) => wantedOf(change, inventory));
    const another = await madeAnew(wanted.flat(), look);
    return states.map((state, at) => wanted[at]?.map(({ ref }) => another.get(keyOf(ref))).find((each) => each !== undefined) ?? state);
  }
  async function madeAnew(all: readonly Wanted[], look: Look): Promise<ReadonlyMap<string, ChangeState>> {
    const wanted = [...new Map(all.map((each) => [keyOf(each.ref), each])).values()];
    const refs = wanted.map(({ ref }) => ref);
    const now = refs.length === 0 ? [] : await births.bornOf(refs, look);
    return new Map(wanted.flatMap(({ ref, born }, at) => (now[at] === undefined || now[at] === born ? [] : [[keyOf(ref), goneFrom(ref, born, now[at])]])));
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

/** The resource as a whole, and the part that the change is about, unless it is the change itself that makes the part anew. */
function wantedOf(change: Change, inventory: Inventory): readonly Wanted[] {
  const { kind, region, id, part } = changeFacts<Change>(change).resourceOf(change);
  const planned = resourceAt(inventory, { kind, region, id });
  const partBorn = part === undefined || change.before === null ? undefined : planned?.partsBorn?.[part];
  return [
    ...(planned?.born === undefined ? [] : [{ ref: { kind, region, id }, born: planned.born }]),
    ...(part === undefined || partBorn === undefined ? [] : [{ ref: { kind, region, id, part }, born: partBorn }]),
  ];
}

function keyOf({ part = "", ...ref }: ChangedResource): string {
  return `${refKey(ref)} ${part}`;
}

function goneFrom({ kind, id, part }: ChangedResource, born: string, now: string): ChangeState {
  const name = part === undefined ? id : `${id}: ${part}`;
  return { kind: "missing", detail: `${resourceKinds[kind].word} ${name} was deleted, and another one was made under its name: ${now}, not ${born}` };
}
