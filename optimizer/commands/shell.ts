import type { World, WorldSettings } from "../composition/world.ts";
import type { Block } from "../core/model/telling.ts";

/** What a command gets from outside: streams, files it reads itself, the world it acts on. */
export interface Shell {
  readonly version: string;
  /** Width of the terminal; 80 where there is none. */
  readonly columns: number;
  /** The person at work, as the lock and the journal name them: `user@host`. */
  readonly operator: string;
  readonly signal: AbortSignal;
  /** The result, on standard output. */
  out(text: string): void;
  /** Blocks for people, on standard error with `--json`, else on standard output. */
  show(blocks: readonly Block[]): void;
  canAsk(): boolean;
  ask(question: string): Promise<string>;
  readonly files: TextFiles;
  /** Synthesizes the stacks in a process of its own; rejects with its output when it fails. */
  runSynthesis(environment: Readonly<Record<string, string>>): Promise<void>;
  /** Scenarios that come with the package. */
  scenarios(): Promise<readonly { readonly name: string; readonly notes: readonly string[] }[]>;
  /** The source of the plotting library that pages carry. */
  plottingLibrary(): Promise<string>;
  createWorld(settings: WorldSettings): Promise<World>;
}

export interface TextFiles {
  /** `undefined` where there is no such file. */
  read(path: string): Promise<string | undefined>;
  write(path: string, text: string): Promise<void>;
  /** Removes a folder this program made. */
  removeFolder(path: string): Promise<void>;
  /** Names in a folder; empty where there is none. */
  list(path: string): Promise<readonly string[]>;
}
