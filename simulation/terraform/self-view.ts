import type { Block } from "./stack-document.ts";

/** What a computed attribute is made of. */
export interface SelfView {
  readonly block: Block;
  readonly accountId: string;
  readonly region: string;
  /** The evaluated argument; `undefined` when not configured. */
  argument(name: string): unknown;
  /** The evaluated argument as text; throws the UserError `not-simulated` when it is not configured. */
  text(name: string): string;
  /** Another attribute of the same block. */
  attribute(name: string): unknown;
  /** Hex digits that are always the same for this block in this account. */
  hex(length: number): string;
}

/** Computes one attribute that AWS, not the stack, decides. */
export type ComputedAttribute = (self: SelfView) => unknown;
