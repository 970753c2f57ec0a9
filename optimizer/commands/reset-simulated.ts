import { join } from "node:path";
import { UserError } from "../../contract/user-error.ts";
import type { Shell } from "./shell.ts";
import { stateEntries, worldFileName } from "./state-entries.ts";

/** Removes a simulated account with its plans and runs; whatever else lies in the folder stays. A folder that has anything to do with a real account is never touched. */
export async function resetSimulated(state: string, shell: Shell): Promise<void> {
  const names = await shell.files.list(state);
  const remembered = await shell.files.read(join(state, worldFileName));
  const isSimulated = remembered === undefined ? names.includes("simulation") || names.length === 0 : remembered.includes('"aws":"simulated"');
  if (!isSimulated) {
    throw new UserError({
      code: "not-simulated-world",
      message: `--reset: ${state} is not about a simulated account, so nothing of it is removed`,
      hint: "name the folder of a simulated account with --state",
    });
  }
  for (const name of stateEntries) if (names.includes(name)) await shell.files.removeFolder(join(state, name));
}
