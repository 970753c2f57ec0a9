import type { Sizing } from "../../contract/sizing.ts";
import { canonicalJson } from "../../contract/canonical-json.ts";
import { keptActions } from "../core/adoption/kept-changes.ts";
import { type ComponentPlace, locateComponent } from "../core/adoption/locate-component.ts";
import { mergeSizing } from "../core/adoption/merge-sizing.ts";
import type { SizingChange } from "../core/model/action.ts";
import type { Plan } from "../core/model/plan.ts";
import type { PhaseNumber } from "../core/model/rule-id.ts";
import type { RunState } from "../core/model/run-state.ts";
import type { SizingStore } from "../ports/sizing-store.ts";

export interface AdoptedChange {
  readonly actionId: string;
  readonly summary: string;
  readonly place: ComponentPlace;
  readonly change: SizingChange;
}

/** A change of a resource that no stack of ours declares: told in words, for whoever keeps its configuration. */
export interface HandPatch {
  readonly actionId: string;
  readonly region: string;
  readonly words: string;
}

export interface Adoption {
  readonly adopted: readonly AdoptedChange[];
  readonly byHand: readonly HandPatch[];
  /** Sizing files whose content changed; empty when everything stood there already. */
  readonly written: readonly string[];
}

interface SizingEdit {
  readonly suffix: string;
  readonly stack: string;
  readonly changes: readonly AdoptedChange[];
}

/**
 * Writes what a run applied and kept into the stacks' sizing files, merged into what stands there. A second call writes nothing.
 * Nothing is written when any of the files cannot be read or a change cannot be expressed.
 */
export async function adopt(plan: Plan, state: RunState, sizing: SizingStore, phase?: PhaseNumber): Promise<Adoption> {
  const { adopted, byHand } = placeChanges(plan, state, phase);
  const merged: { readonly edit: SizingEdit; readonly before: Sizing; readonly after: Sizing }[] = [];
  for (const edit of editsOf(adopted)) {
    const before = await sizing.read(edit.suffix, edit.stack);
    const after = edit.changes.reduce((sum, { place, change }) => mergeSizing(sum, place.path, change), before);
    merged.push({ edit, before, after });
  }
  const written: string[] = [];
  for (const { edit, before, after } of merged) {
    if (canonicalJson(before) === canonicalJson(after)) continue;
    written.push(await sizing.write(edit.suffix, edit.stack, after));
  }
  return { adopted, byHand, written };
}

function placeChanges(plan: Plan, state: RunState, phase?: PhaseNumber): Pick<Adoption, "adopted" | "byHand"> {
  const adopted: AdoptedChange[] = [];
  const byHand: HandPatch[] = [];
  for (const { action, writeBack } of keptActions(plan, state, phase)) {
    for (const change of writeBack) {
      const place = locateComponent(plan.deployments, action.region, change);
      if (place === undefined) byHand.push({ actionId: action.id, region: action.region, words: patchWords(change) });
      else adopted.push({ actionId: action.id, summary: action.summary, place, change });
    }
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
  const what = operation === "append" ? `add ${JSON.stringify(value)} to ${property}` : `set ${property} to ${JSON.stringify(value)}`;
  return `${type} ${id}: ${what}`;
}
