import { join } from "node:path";
import type { AccountObserver } from "../simulation/account/account.ts";
import { createPlanStore } from "./adapters/files/plan-store.ts";
import { createRunStore } from "./adapters/files/run-store.ts";
import { readPolicy } from "./adapters/policy/read-policy.ts";
import { createSizingFiles } from "./adapters/sizing-files/sizing-files.ts";
import type { Look } from "./adapters/terminal/layout.ts";
import type { LiveLines } from "./adapters/terminal/live-lines.ts";
import { createTerminalReporter } from "./adapters/terminal/terminal-reporter.ts";
import { parseOutputs } from "./adapters/terraform-outputs/parse-outputs.ts";
import { processInput, readOutputs } from "./adapters/terraform-outputs/read-outputs.ts";
import { openAws } from "./composition/aws.ts";
import type { World, WorldSettings } from "./composition/world.ts";
import { narration } from "./core/report/narration.ts";

export interface Output {
  readonly lines: LiveLines;
  readonly look: Look;
}

/** Builds everything a command can reach, for a real or a simulated account. SDK packages load when readers are first asked for. */
export async function createWorld(settings: WorldSettings, output: Output, observer?: AccountObserver): Promise<World> {
  const reporter = createTerminalReporter(narration, output.lines, output.look);
  const aws = await openAws(settings, (message) => reporter.tell({ kind: "warning", message }), observer);
  const waiting = (): void => reporter.tell({ kind: "stage", stage: "outputs", detail: "waiting for standard input" });
  return {
    stateFolder: settings.state,
    protects: "one-machine",
    clock: aws.clock,
    plans: createPlanStore(settings.state),
    runs: createRunStore(settings.state, { currentEpoch: aws.currentEpoch }),
    reporter,
    ...(aws.simulation === undefined ? {} : { simulation: aws.simulation }),
    readOutputs: (files) =>
      readOutputs({ files, input: processInput(waiting), folder: settings.aws === "simulated" ? join(settings.state, "simulation") : "." }),
    parseOutputs: (documents, regions) => parseOutputs(documents, { regions }),
    readPolicy: (file) => readPolicy({ folder: ".", ...(file === undefined ? {} : { file }) }),
    sizing: createSizingFiles,
    readers: aws.readers,
    writers: aws.writers,
  };
}
