import { UserError } from "../../../contract/user-error.ts";
import type { Check } from "../../core/model/check.ts";
import type { Machine } from "../../ports/machine.ts";
import type { RunStore } from "../../ports/run-store.ts";

/** As package.json's `engines` asks. */
const leastNode: readonly [number, number] = [20, 19];
/** Releases of the AWS SDK from January 2027 on need it (https://github.com/aws/aws-sdk-js-v3#nodejs-versions). */
const nextNode = 22;

export interface MachinePorts {
  readonly machine: Machine;
  readonly runs: Pick<RunStore, "list">;
}

/** Node, the state folder, who holds its locks, and which runs are open in it. */
export async function machineChecks({ machine, runs }: MachinePorts): Promise<readonly Check[]> {
  return [nodeCheck(machine.nodeVersion), await stateCheck(machine), ...(await lockChecks(machine)), ...(await runChecks(runs))];
}

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const about = { area: "machine", name: "Node", seen: `version ${version}` } as const;
  if (major < leastNode[0] || (major === leastNode[0] && minor < leastNode[1]))
    return { ...about, verdict: "problem", remedy: `install Node ${leastNode.join(".")} or newer` };
  if (major < nextNode)
    return { ...about, verdict: "warning", remedy: `install Node ${nextNode} or newer before 2027: the AWS SDK's newer releases will not run on ${major}` };
  return { ...about, verdict: "ok" };
}

async function stateCheck(machine: Machine): Promise<Check> {
  const about = { area: "machine", name: "state folder" } as const;
  try {
    await machine.tryState();
    return { ...about, verdict: "ok", seen: "may be written to" };
  } catch (error) {
    return { ...about, ...problemOf(error) };
  }
}

async function lockChecks(machine: Machine): Promise<readonly Check[]> {
  const about = { area: "machine", name: "lock" } as const;
  try {
    const held = await machine.heldLocks();
    if (held.length === 0) return [{ ...about, verdict: "ok", seen: "nobody holds one" }];
    return held.map(({ accountId, region, runId, who, isAbandoned }) => ({
      ...about,
      region,
      verdict: "warning",
      seen: `${who} holds account ${accountId} for ${runId}${isAbandoned ? ", by a process that is gone" : ""}`,
      remedy: isAbandoned ? `\`optimizer resume ${runId}\` takes it over` : "planning is possible meanwhile, another run there is not",
    }));
  } catch (error) {
    return [{ ...about, ...problemOf(error) }];
  }
}

async function runChecks(runs: Pick<RunStore, "list">): Promise<readonly Check[]> {
  const about = { area: "machine", name: "open runs" } as const;
  try {
    const open = (await runs.list()).filter((run) => run.open);
    if (open.length === 0) return [{ ...about, verdict: "ok", seen: "none" }];
    return open.map((run) => ({
      ...about,
      verdict: "warning",
      seen:
        run.undescribed === undefined
          ? `${run.runId} is open for account ${run.accountId} in ${run.regions.join(", ")}: no other begins there`
          : `${run.runId} was not closed, and ${run.undescribed}`,
      remedy: `\`optimizer status ${run.runId}\` says where it stands`,
    }));
  } catch (error) {
    return [{ ...about, ...problemOf(error) }];
  }
}

/** What a user can mend becomes a problem with its remedy; anything else is thrown on. */
export function problemOf(error: unknown): Pick<Check, "verdict" | "seen" | "remedy"> {
  if (!(error instanceof UserError)) throw error;
  return { verdict: "problem", seen: error.message, remedy: error.hint };
}
