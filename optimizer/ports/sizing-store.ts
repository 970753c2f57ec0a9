import type { Sizing } from "../../contract/sizing.ts";

/** `<folder>/<suffix>/<stack>.json`: what the stacks read their adopted sizes from. */
export interface SizingStore {
  /** The sizing as it stands, the empty one where there is no file; a file that does not parse is a UserError naming it. */
  read(suffix: string, stack: string): Promise<Sizing>;
  /** Replaces the file as a whole; resolves to its path. */
  write(suffix: string, stack: string, sizing: Sizing): Promise<string>;
}
