import { isAbsolute, join, relative, resolve } from "node:path";
import type { AccountObserver } from "../simulation/account/account.ts";
import { monotonicMs } from "./adapters/clock/monotonic.ts";
import { createMachine } from "./adapters/files/machine.ts";
import { createPlanStore } from "./adapters/files/plan-store.ts";
import { createRunStore } from "./adapters/files/run-store.ts";
import { readPolicy } from "./adapters/policy/read-policy.ts";
import { createSizingFiles } from "./adapters/sizing-files/sizing-files.ts";
import type { Display } from "./adapters/terminal/layout.ts";
import type { LiveLines } from "./adapters/terminal/live-lines.ts";
import { createTerminalReporter } from "./adapters/terminal/terminal-reporter.ts";
import { parseOutputs } from "./adapters/terraform-outputs/parse-outputs.ts";
import { processInput, readOutputs } from "./adapters/terraform-outputs/read-outputs.ts";
import { openAws } from "./composition/aws.ts";
import { createPagers } from "./composition/pagers.ts";
import type { World, WorldSettings } from "./composition/world.ts";
import { narration } from "./core/report/narration.ts";

function isWithin(folder: string, path: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way === "" || !(way.startsWith("..") || isAbsolute(way));
}

export interface Output {
  readonly lines: LiveLines;
  readonly display: Display;
}

/** Builds everything a command can reach, for a real or a simulated account. SDK packages load when readers are first asked for. */
export async function createWorld(settings: WorldSettings, output: Output, observer?: AccountObserver): Promise<World> {
  const reporter = createTerminalReporter(narration, output.lines, output.display);
  const aws = await openAws(settings, (message) => reporter.tell({ kind: "warning", message }), observer);
  const waiting = (): void => reporter.tell({ kind: "study", part: "outputs", detail: "waiting for standard input" });
  const plans = createPlanStore(settings.state);
  return {
    stateFolder: settings.state,
    protects: "one-machine",
    clock: aws.clock,
    machine: createMachine(settings.state, { isAccountInFolder: settings.aws === "simulated" }),
    plans,
    runs: createRunStore(settings.state, { currentEpoch: aws.currentEpoch, monotonicMs }),
    reporter,
    ...(aws.simulation === undefined ? {} : { simulation: aws.simulation }),
    readOutputs: (files) =>
      readOutputs({ files, input: processInput(waiting), folder: settings.aws === "simulated" ? join(settings.state, "simulation") : "." }),
    parseOutputs: (documents, regions, map = []) => parseOutputs(documents, { regions, map }),
    readPolicy: (file) => readPolicy({ folder: ".", ...(file === undefined ? {} : { file }) }),
    sizing: (folder) => createSizingFiles(folder, isWithin(settings.state, folder) ? { file: 0o600, folder: 0o700 } : undefined),
    readers: aws.readers,
    writers: aws.writers,
    pagers: async ({ plan, hash }, purpose) =>
      createPagers(plan.policy.paging, {
        purpose,
        isSimulated: settings.aws === "simulated",
        storedWebhookUrl: () => plans.webhookUrl(hash),
        snsPager: aws.snsPager,
      }),
  };
}
