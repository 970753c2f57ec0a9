import type { Sizing } from "../../contract/sizing.ts";
import { sameJson } from "../../contract/canonical-json.ts";
import { keptActions, undoneActions } from "../core/adoption/kept-changes.ts";
import { type ComponentPlace, locateComponent } from "../core/adoption/locate-component.ts";
import { mergeSizing } from "../core/adoption/merge-sizing.ts";
import { revertedChange } from "../core/adoption/reverted-change.ts";
import { standingOf, stateWords } from "../core/execution/classify-state.ts";
import { handIn, isMovedByPolicies, lastingSteps } from "../core/execution/in-place.ts";
import type { Action, SizingChange } from "../core/model/action.ts";
import type { Plan } from "../core/model/plan.ts";
import type { PhaseNumber } from "../core/model/rule-id.ts";
import type { RunState } from "../core/model/run-state.ts";
import type { ChangeReader } from "../ports/changes.ts";
import type { BirthReader } from "../ports/inventory.ts";
import type { SizingStore } from "../ports/sizing-store.ts";
import { ofThePlan } from "./of-the-plan.ts";

export interface AdoptedChange {
  readonly actionId: string;
  readonly summary: string;
  readonly place: ComponentPlace;
  readonly change: SizingChange;
}

/** A change of a resource that no stack of ours declares: it is described in words, for the people who keep its configuration. */
export interface HandPatch {
  readonly actionId: string;
  readonly region: string;
  readonly words: string;
}

/** A change that is not, or not for certain, as the run left it: nothing of it is written. */
export interface NotLive {
  readonly actionId: string;
  readonly region: string;
  readonly summary: string;
  /** What AWS says of it now. */
  readonly found: string;
  /** Where a sizing file still names a size that is not in place: Terraform would make it so. */
  readonly standing: readonly ComponentPlace[];
}

export interface Adoption {
  readonly adopted: readonly AdoptedChange[];
  /** Adopted once and undone since: taken out of the sizing files again. */
  readonly reverted: readonly AdoptedChange[];
  readonly notLive: readonly NotLive[];
  readonly byHand: readonly HandPatch[];
  /** Sizing files whose content changed; empty when everything stood there already. */
  readonly written: readonly string[];
}

interface SizingEdit {
  readonly suffix: string;
  readonly stack: string;
  readonly changes: readonly AdoptedChange[];
}

export interface AdoptPorts {
  readonly sizing: SizingStore;
  readonly changes: ChangeReader;
  readonly births: BirthReader;
}

/**
 * Writes what a run applied and kept, and AWS says at this moment is in place, into the stacks' sizing files, merged into what stands there;
 * what was adopted and is undone since is taken out again, also where only a part of an action is. A second call writes nothing. Nothing is written when AWS does not answer, any of
 * the files cannot be read or a change cannot be expressed.
 */
export async function adopt(plan: Plan, state: RunState, { sizing, births, ...readers }: AdoptPorts, phase?: PhaseNumber): Promise<Adoption> {
  const changes = ofThePlan(readers.changes, births, plan.inventory);
  const adopted: AdoptedChange[] = [];
  const byHand: HandPatch[] = [];
  const reverted: AdoptedChange[] = [];
  const notLive: NotLive[] = [];
  for (const { action, writeBack } of keptActions(plan, state, phase)) {
    const live = await liveness(action, state, changes);
    if (live.kind === "in-place") {
      const placed = placeChanges(plan, action, writeBack);
      adopted.push(...placed.adopted);
      byHand.push(...placed.byHand);
      continue;
    }
    const standing = await standingIn(plan, action, sizing);
    const back = standing.map((each) => revertedOf(live, each));
    reverted.push(...back.flatMap((each) => each ?? []));
    notLive.push(
      notLiveOf(
        action,
        live.found,
        standing.filter((_, at) => back[at] === undefined),
      ),
    );
  }
  for (const action of undoneActions(plan, state, phase)) {
    const standing = await standingIn(plan, action, sizing);
    if (standing.length === 0) continue;
    const live = await liveness(action, state, changes);
    const back = standing.map((each) => revertedOf(live, each));
    reverted.push(...back.flatMap((each) => each ?? []));
    const left = standing.filter((_, at) => back[at] === undefined);
    if (left.length > 0) notLive.push(notLiveOf(action, live.found, left));
  }
  return { adopted, byHand, reverted, notLive, written: await writeEdits([...adopted, ...reverted], sizing) };
}

/** Changes of actions that are undone, yet stand in a sizing file: Terraform would make them again. */
export async function stillAdopted(plan: Plan, state: RunState, sizing: SizingStore): Promise<readonly AdoptedChange[]> {
  const standing = await Promise.all(undoneActions(plan, state).map((action) => standingIn(plan, action, sizing)));
  return standing.flat();
}

interface Liveness {
  readonly kind: "in-place" | "undone" | "neither";
  readonly found: string;
  /** The action with those of its steps alone that are undone: what each had brought is not live any more, whatever the others are. */
  readonly undone: Action;
}

/** What AWS says now of all that an action left. */
async function liveness(action: Action, { records }: RunState, changes: ChangeReader): Promise<Liveness> {
  const steps = lastingSteps(action);
  const states = await changes.statesOf(steps.map(({ change }) => change));
  const seen = steps.flatMap((step, index) => {
    const state = states[index];
    // Bounds stand beside such a number, and say whose it is.
    if (state === undefined || isMovedByPolicies(step.change, state)) return [];
    const isMet = handIn(step, state, records) !== undefined;
    return [{ step, standing: standingOf(step.change, state), isMet, words: stateWords(state) }];
  });
  const isBack = ({ standing }: (typeof seen)[number]): boolean => standing === "before";
  const undone = seen.every(isBack) ? action : { ...action, steps: seen.filter(isBack).map(({ step }) => step) };
  const other = seen.find(({ standing, isMet }) => standing !== "after" || isMet);
  if (other === undefined) return { kind: "in-place", found: "as the run left it", undone };
  return { kind: seen.every(isBack) ? "undone" : "neither", found: other.words, undone };
}

function notLiveOf(action: Action, found: string, standing: readonly AdoptedChange[]): NotLive {
  return { actionId: action.id, region: action.region, summary: action.summary, found, standing: standing.map(({ place }) => place) };
}

/** A list and a flag belong to the action as a whole; a value to the step that brought it. */
function revertedOf({ kind, undone }: Liveness, adopted: AdoptedChange): AdoptedChange | undefined {
  const { operation, value } = adopted.change;
  if (undone.steps.length === 0 || (kind === "neither" && (operation !== "set" || value === true))) return undefined;
  const change = revertedChange(undone, adopted.change);
  return change === undefined ? undefined : { ...adopted, change };
}

/** What of an action's sizes a sizing file holds. */
async function standingIn(plan: Plan, action: Action, sizing: SizingStore): Promise<readonly AdoptedChange[]> {
  const standing: AdoptedChange[] = [];
  for (const each of placeChanges(plan, action, action.writeBack).adopted) {
    const now = await sizing.read(each.place.suffix, each.place.stack);
    if (sameJson(mergeSizing(now, each.place.path, each.change), now)) standing.push(each);
  }
  return standing;
}

async function writeEdits(changes: readonly AdoptedChange[], sizing: SizingStore): Promise<readonly string[]> {
  const merged: { readonly edit: SizingEdit; readonly before: Sizing; readonly after: Sizing }[] = [];
  for (const edit of editsOf(changes)) {
    const before = await sizing.read(edit.suffix, edit.stack);
    const after = edit.changes.reduce((sum, { place, change }) => mergeSizing(sum, place.path, change), before);
    merged.push({ edit, before, after });
  }
  const written: string[] = [];
  for (const { edit, before, after } of merged) {
    if (sameJson(before, after)) continue;
    written.push(await sizing.write(edit.suffix, edit.stack, after));
  }
  return written;
}

function placeChanges(plan: Plan, action: Action, writeBack: readonly SizingChange[]): Pick<Adoption, "adopted" | "byHand"> {
  const adopted: AdoptedChange[] = [];
  const byHand: HandPatch[] = [];
  for (const change of writeBack) {
    const place = locateComponent(plan.deployments, action.region, change);
    if (place === undefined) byHand.push({ actionId: action.id, region: action.region, words: patchWords(change) });
    else adopted.push({ actionId: action.id, summary: action.summary, place, change });
  }
  return { adopted, byHand };
}

function editsOf(changes: readonly AdoptedChange[]): readonly SizingEdit[] {
  const byFile = new Map<string, SizingEdit>();
  for (const each of changes) {
    const { suffix, stack } = each.place;
    const key = `${suffix}/${stack}`;
    byFile.set(key, { suffix, stack, changes: [...(byFile.get(key)?.changes ?? []), each] });
  }
  return [...byFile.values()];
}

function patchWords({ type, id, property, operation, value }: SizingChange): string {
  const text = JSON.stringify(value);
  const what = { append: `add ${text} to ${property}`, remove: `remove ${text} from ${property}`, set: `set ${property} to ${text}` }[operation];
  return `${type} ${id}: ${what}`;
}
