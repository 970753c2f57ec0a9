import { hostname, userInfo } from "node:os";
import { monotonicMs } from "../adapters/clock/monotonic.ts";
import { createConsole } from "../adapters/terminal/console.ts";
import type { InterruptKey } from "../adapters/terminal/interrupt-key.ts";
import { layout } from "../adapters/terminal/layout.ts";
import { createLiveLines } from "../adapters/terminal/live-lines.ts";
import type { Shell } from "../commands/shell.ts";
import type { PackageFiles } from "./package-files.ts";
import { runSynthesis } from "./synthesis.ts";
import { textFiles } from "./text-files.ts";

export interface ShellSettings {
  readonly files: PackageFiles;
  readonly version: string;
  /** Talk goes to standard error, since standard output shall hold a result and nothing else. */
  readonly resultOnly: boolean;
  readonly colour: boolean;
  readonly signal: AbortSignal;
  readonly key: InterruptKey;
}

/** What commands reach of this process. The world itself is loaded when a command first asks for it. */
export function createProcessShell(settings: ShellSettings): Shell {
  const { files, version, resultOnly, signal, key } = settings;
  const console = createConsole({ colour: settings.colour });
  const progress = resultOnly ? console.note : console.out;
  const lines = createLiveLines(progress, console.live && !resultOnly, monotonicMs);
  return {
    version,
    columns: process.stdout.columns ?? 80,
    operator: `${userInfo().username}@${hostname()}`,
    signal,
    out: console.out,
    show: (blocks) => lines.print(layout(blocks, console.display)),
    canAsk: console.canAsk,
    async ask(question) {
      key.pause();
      try {
        return await console.ask(question, signal);
      } finally {
        key.resume();
      }
    },
    files: textFiles,
    runSynthesis: (environment) => runSynthesis(files, environment, signal),
    async scenarios() {
      const { bundledScenarios } = await import("./bundled-scenarios.ts");
      return bundledScenarios();
    },
    async plottingLibrary() {
      const { plottingLibrary } = await import("./plotting-library.ts");
      return plottingLibrary(files.plottingLibrary);
    },
    async createWorld(worldSettings) {
      const { createWorld } = await import("../composition.ts");
      return createWorld(worldSettings, { lines, display: console.display });
    },
  };
}
