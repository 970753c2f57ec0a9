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
  /** Where else a person may find capacity that AWS lacks in one zone, in words. */
  readonly otherZones: (resource: R) => string;
}
