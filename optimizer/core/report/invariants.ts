import { type Change, changeFacts } from "../levers/change-kinds.ts";
import type { JournalRecord } from "../model/journal-record.ts";
import type { Plan } from "../model/plan.ts";
import { refKey, type ResourceRef } from "../model/resource-ref.ts";
import type { RunState } from "../model/run-state.ts";
import { skipsOf } from "./plan-blocks.ts";
import { stageOf } from "./record-lines.ts";
import { count } from "./figures.ts";
import { outcomeWords } from "./words.ts";

/** Something that must hold of a run, checked on its journal. */
export interface Invariant {
  readonly name: string;
  readonly holds: boolean;
  readonly detail: string;
}

/** The promises of spec/product.md that a finished run's own journal can prove or disprove. */
export function runInvariants(plan: Plan, state: RunState): readonly Invariant[] {
  return [closed(state), intendedFirst(state), tenantsUntouched(plan, state), breachesUndone(state), windowsBeforeKeeping(state)];
}

function closed(state: RunState): Invariant {
  return {
    name: "the run came to its end",
    holds: state.outcome !== undefined,
    detail: state.outcome === undefined ? "still open" : outcomeWords[state.outcome],
  };
}

/** Promise 3: every attempt at a change follows an intent of the same step and purpose. */
function intendedFirst(state: RunState): Invariant {
  const intended = new Set<string>();
  let changes = 0;
  const orphans: string[] = [];
  for (const record of state.records) {
    if (record.type === "INTENT" || record.type === "RB_INTENT") intended.add(`${record.body.purpose}:${record.op}`);
    if (record.type !== "ATTEMPT") continue;
    changes++;
    if (!intended.has(`${record.body.purpose}:${record.op}`)) orphans.push(`record ${record.seq}`);
  }
  return {
    name: "every change was journaled before it was made",
    holds: orphans.length === 0,
    detail: orphans.length === 0 ? count(changes, "change") : orphans.join(", "),
  };
}

/** Promise 1: no intent names a resource that the plan set aside for its tenant. */
function tenantsUntouched(plan: Plan, state: RunState): Invariant {
  const tenants = skipsOf(plan)
    .filter((skip) => skip.code === "tenant-resource")
    .map((skip) => skip.resource);
  const touched = state.records.flatMap((record) => {
    const change = changeOf(record);
    return change !== undefined && tenants.some((tenant) => concerns(change, tenant)) ? [`record ${record.seq}`] : [];
  });
  const names = [...new Set(tenants.map((tenant) => `${tenant.id} in ${tenant.region}`))];
  return {
    name: "no tenant's resource was touched",
    holds: touched.length === 0,
    detail: touched.length > 0 ? touched.join(", ") : names.length === 0 ? "no tenant has a resource of its own" : names.join(", "),
  };
}

/** Promise 5: a breach ends rolled back and verified. */
function breachesUndone(state: RunState): Invariant {
  const breaches = state.records.filter((record) => record.type === "DECISION" && record.body.kind === "breach");
  const open = breaches.filter((breach) => {
    return stageOf(state, breach)?.status !== "rolled-back";
  });
  return {
    name: "every breach was rolled back and verified",
    holds: open.length === 0,
    detail: open.length === 0 ? count(breaches.length, "breach", "breaches") : open.map((breach) => `phase ${breach.phase} ${breach.region}`).join(", "),
  };
}

/** Promise 2: what was kept was watched to the end of its window, with a passing verdict. */
function windowsBeforeKeeping(state: RunState): Invariant {
  const passed = state.phases.flatMap((phase) => phase.stages.filter((stage) => stage.status === "passed").map((stage) => ({ phase: phase.number, stage })));
  const unwatched = passed.filter(
    ({ stage }) => stage.actions.some((action) => action.status === "applied" || action.status === "finished") && stage.window?.closed?.kind !== "pass",
  );
  return {
    name: "what was kept passed its window",
    holds: unwatched.length === 0,
    detail: unwatched.length === 0 ? count(passed.length, "window") : unwatched.map(({ phase, stage }) => `phase ${phase} ${stage.region}`).join(", "),
  };
}

function changeOf(record: JournalRecord): Change | undefined {
  return record.type === "INTENT" || record.type === "RB_INTENT" ? record.body.change : undefined;
}

function concerns(change: Change, resource: ResourceRef): boolean {
  return refKey(changeFacts(change).resourceOf(change)) === refKey(resource);
}
