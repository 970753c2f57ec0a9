import { canonicalJson, sameJson } from "../../../contract/canonical-json.ts";
import type { Policy } from "../model/policy.ts";
import type { ResourceRef } from "../model/resource-ref.ts";
import { shellWord } from "../model/shell-words.ts";
import type { Inventory } from "./resource-kinds.ts";

/** The shape that every kind of change has. */
interface AnyChange {
  readonly region: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The resource a change is made to, with the part of it (an index, an instance) where the change is about one. */
export interface ChangedResource extends ResourceRef {
  readonly part?: string;
}

/** A size among those of its family, from the smallest to the largest, and the same change to another of them. */
export interface Sized<C> {
  readonly size: string;
  readonly family: readonly string[];
  readonly to: (size: string) => C;
}

/** At least one shell line, or why a person needs none there: what AWS has done when it answers needs no waiting for. */
export type Lines<C> = ((change: C) => readonly [string, ...string[]]) | { readonly notNeeded: string };

/** What is known of one kind of change without asking AWS. */
export interface ChangeFacts<C extends AnyChange> {
  readonly resourceOf: (change: C) => ChangedResource;
  /** Whether two states are the same as far as this change is concerned: values that other steps change do not count. */
  readonly same: (one: C["before"] | C["after"], other: C["before"] | C["after"]) => boolean;
  /**
   * In which fields what was found differs from what a way back was to bring, e.g. `maxWriteRequestUnits is 40000, was -1`: `same` leaves out
   * what other steps set on the way there. Absent: every field counts.
   */
  readonly unrestored?: (prior: C["after"], found: C["before"] | C["after"]) => readonly string[];
  /**
   * Whether what it changes serves requests, so that errors and latency may tell that it did harm; else why nobody could. A rule whose changes
   * are felt is judged by the load balancers.
   */
  readonly feltBy: "requests" | { readonly nobody: string };
  /** How many minutes AWS is given to carry it out before it is given up. */
  readonly patienceMinutes: (change: C, settle: Policy["settle"]) => number;
  /**
   * The shell command with which a person brings what this change is about to `after`, whenever it is run: what others own beside that, and may have
   * changed since it was printed, it does not name, or reads afresh. `marks`: what the steps before it left, where those were read back.
   */
  readonly command: (change: C, marks?: Readonly<Record<string, string | number>>) => string;
  /** Shell lines before it that end once AWS would take the command: what is under way is cancelled or waited for. */
  readonly first: Lines<C>;
  /**
   * A shell line that ends once nothing waits for the maintenance window of what the change is made to, where its command would carry that out at
   * once, too. Absent: it carries nothing out.
   */
  readonly unqueued?: (change: C) => string;
  /** Shell lines after it that end once `after` holds. */
  readonly wait: Lines<C>;
  /**
   * The same change as it is on top of what somebody else has set besides, where one call replaces theirs and ours together; undefined where both
   * are about the same thing. Ways back alone are made so: they keep what others added. Absent: a third state is left alone.
   */
  readonly onTopOf?: (change: C, found: C["before"] | C["after"]) => C | undefined;
  /** The size that `after` asks AWS for, where AWS may have no capacity of it. Absent for a change that asks for none. */
  readonly sized?: (change: C) => Sized<C>;
  /**
   * Whether scaling policies move what it set, at any time: another value of it is nobody's hand, and what it left is in place all the same.
   * Absent: only people change it.
   */
  readonly movedByPolicies?: (change: C) => boolean;
  /**
   * Whether others leave marks of their own (`Marks`) in the course of their work, such as a deployment of the size that it was given: then
   * another mark is nobody's hand. Absent: it is.
   */
  readonly markedByOthers?: true;
  /** What the change touches besides its own resource, e.g. the copies of a global table. A tenant's or an unread one refuses the change. */
  readonly touches: (change: C, inventory: Inventory) => readonly ResourceRef[];
}

/** Options of a command for those numbers that the change moves: the others are whatever somebody made of them meanwhile. */
export function optionsSet<S>(before: S, after: S, options: { readonly [N in keyof S]?: string }): readonly string[] {
  return Object.entries<string | undefined>(options).flatMap(([name, option]) => {
    const [was, is] = [before, after].map((state) => state[name as keyof S]);
    return option === undefined || was === is ? [] : [`${option} ${String(is)}`];
  });
}

/** The fields in which two states differ, in words. What an older plan did not capture cannot differ. */
export function differingFields(prior: unknown, found: unknown, path: readonly string[] = []): readonly string[] {
  if (prior === undefined) return [];
  if (isRecord(prior) && isRecord(found)) {
    return Object.keys(prior)
      .toSorted()
      .flatMap((name) => differingFields(prior[name], found[name], [...path, name]));
  }
  if (sameJson(prior ?? null, found ?? null)) return [];
  return [`${path.length === 0 ? "it" : path.join(".")} is ${canonicalJson(found ?? null)}, was ${canonicalJson(prior)}`];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Most changes are given the policy's one time to settle. */
export function usualPatience(_: unknown, { maxMinutes }: Policy["settle"]): number {
  return maxMinutes;
}

/** Most changes touch nothing but their own resource. */
export function nothingElse(): readonly ResourceRef[] {
  return [];
}

/** A shell line that asks AWS every half minute until its answer is this word, or while one of these words is in it. */
export function waitLine(loop: "until" | "while", describe: string, query: string, ...words: readonly string[]): string {
  const match = loop === "until" ? `-qxF ${words.map((word) => shellWord(word)).join(" ")}` : `-qwE ${shellWord(words.join("|"))}`;
  return `${loop} ${describe} --query ${shellWord(query)} --output text | grep ${match}; do sleep 30; done`;
}

/** Such a line: `pending` is a query of the values that wait; AWS answers empty ones for the rest. It says why it waits. */
export function unqueuedLine(describe: string, pending: string): string {
  const why = "waits: something is queued for the maintenance window, and the next line would carry it out at once";
  return waitLine("while", describe, `${pending}[?@ != \`[]\` && @ != \`{}\`] | length(@)`, "[1-9][0-9]*").replace("; do sleep", `; do echo '${why}'; sleep`);
}
