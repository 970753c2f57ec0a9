import { Fault } from "../../errors.ts";
import type { Rule } from "../model/rule.ts";
import called from "./called-actions.json" with { type: "json" };

/** Actions of IAM by what needs them. `npm run docs` makes called-actions.json from the adapters' own imports: nobody writes a list. */
export interface CalledActions {
  /** By every plan, whatever its rules. */
  readonly study: readonly string[];
  /** To tell somebody of a run, where the policy names a topic. */
  readonly paging: readonly string[];
  /** To describe a kind of resource, with its tags. */
  readonly resources: Readonly<Record<string, readonly string[]>>;
  /** By kind of change: to see its state, and to make it. */
  readonly changes: Readonly<Record<string, { readonly reads: readonly string[]; readonly acts: readonly string[] }>>;
}

/** What of a rule says which actions it needs. */
export type ActingRule = Pick<Rule, "resourceKind" | "changes">;

export interface NeededActions {
  /** For whatever only looks: `plan`, `run --dry-run`, `doctor`, `report`, `adopt`. */
  readonly read: readonly string[];
  /** Besides, for what changes AWS: `run`, `tick`, `resume`, `rollback`. */
  readonly act: readonly string[];
  /** Besides those, where something may be changed and the policy names a topic; it changes nothing. */
  readonly page: readonly string[];
}

/** The actions that these rules need, sorted. Load balancers belong to each: by them a window is judged. */
export function neededActions(rules: readonly ActingRule[], { study, paging, resources, changes }: CalledActions = called): NeededActions {
  const kinds = ["load-balancer", ...rules.map(({ resourceKind }) => resourceKind)];
  const made = rules.flatMap((rule) => rule.changes.map((kind) => known(changes, kind)));
  return {
    read: sorted([...study, ...kinds.flatMap((kind) => known(resources, kind)), ...made.flatMap(({ reads }) => reads)]),
    act: sorted(made.flatMap(({ acts }) => acts)),
    page: made.length === 0 ? [] : sorted(paging),
  };
}

/** A policy that left out what it does not know would end a run half-way, at the first call that is denied. */
function known<T>(called: Readonly<Record<string, T>>, kind: string): T {
  const found = called[kind];
  if (found === undefined) throw new Fault(`which actions of IAM ${kind} needs is not known (core/permissions/called-actions.json)`);
  return found;
}

function sorted(actions: readonly string[]): readonly string[] {
  return [...new Set(actions)].sort();
}
