import type { Tags } from "../model/resource-ref.ts";

/** What is known of one kind of resource without asking AWS. */
export interface ResourceFacts<R> {
  /** What people call it: `table`. */
  readonly word: string;
  /** What people call a part of it that a decision is about: `index`. Empty where the part's own name says enough. */
  readonly partWord: string;
  /** All tags that may mark it as a tenant's: its own and its members'. */
  readonly tags: (resource: R) => readonly Tags[];
  /** Values that must still be so when a stored plan is run, whatever rules look at the resource. */
  readonly restsOnAlways: (resource: R) => Readonly<Record<string, unknown>>;
  /**
   * What kind of a thing it is, and what steers it besides: what decides whether a change of it is one at all, and what no change of this program
   * alters. Compared right before each write, days after the plan; what an older plan does not say is not compared.
   */
  readonly form: (resource: R) => Readonly<Record<string, unknown>>;
  /** Where else a person may find capacity that AWS lacks in one zone, in words. */
  readonly otherZones: (resource: R) => string;
}
