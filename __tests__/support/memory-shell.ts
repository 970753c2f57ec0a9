import { layout } from "../../optimizer/adapters/terminal/layout.ts";
import type { Shell } from "../../optimizer/commands/shell.ts";
import type { World, WorldSettings } from "../../optimizer/composition/world.ts";

export interface MemoryShell extends Shell {
  /** What went to standard output as a result. */
  readonly results: string[];
  /** What was shown to people. */
  readonly shown: string[];
  readonly questions: string[];
  readonly written: Map<string, string>;
  /** The environment of each synthesis. */
  readonly syntheses: Readonly<Record<string, string>>[];
  readonly settings: WorldSettings[];
}

export interface MemoryShellOptions {
  readonly world?: World;
  /** Answer to every question; without one nobody can be asked. */
  readonly answer?: string;
  readonly folders?: Readonly<Record<string, readonly string[]>>;
}

/** A shell in memory: commands run through the real parser, and what they print is kept. */
export function memoryShell({ world, answer, folders = {} }: MemoryShellOptions = {}): MemoryShell {
  const results: string[] = [];
  const shown: string[] = [];
  const questions: string[] = [];
  const written = new Map<string, string>();
  const syntheses: Readonly<Record<string, string>>[] = [];
  const settings: WorldSettings[] = [];
  return {
    results,
    shown,
    questions,
    written,
    syntheses,
    settings,
    version: "1.2.3",
    columns: 100,
    operator: "someone@somewhere",
    signal: new AbortController().signal,
    out: (text) => void results.push(text),
    show: (blocks) => void shown.push(...layout(blocks, { width: 120, colour: false, unicode: true })),
    canAsk: () => answer !== undefined,
    ask: async (question) => {
      questions.push(question);
      return answer ?? "";
    },
    files: {
      read: async (path) => written.get(path),
      write: async (path, text) => void written.set(path, text),
      removeFolder: async () => undefined,
      list: async (path) => folders[path] ?? [],
    },
    runSynthesis: async (environment) => void syntheses.push(environment),
    // No test of a command draws: a page's script runs in the browser tests, with the real library.
    plottingLibrary: async () => "globalThis.Plotly = { react() {} };",
    scenarios: async () => [{ name: "story", notes: ["one"] }],
    createWorld: async (given) => {
      settings.push(given);
      if (world === undefined) throw new Error("this test gave no world");
      return world;
    },
  };
}
