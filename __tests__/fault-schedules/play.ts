import { UserError } from "../../contract/user-error.ts";
import { canonicalJson } from "../../contract/canonical-json.ts";
import type { Advanced, Mode } from "../../optimizer/app/advance.ts";
import { abortRun, continueRun, type Driver, requestRollback, resumeRun, startRun } from "../../optimizer/app/drive-run.ts";
import { sha256Hex } from "../../optimizer/core/model/hash.ts";
import { atEnd } from "./invariants.ts";
import { Crash, openProcess } from "./operator.ts";
import type { Request, Schedule } from "./schedule.ts";
import { type SmallWorld, startMs } from "./small-account.ts";
import { type Violation, World } from "./world.ts";

const hourMs = 3_600_000;
/** Nothing takes longer: outages of three days, and as much again. */
const longestHours = 16 * 24;

export interface Played {
  readonly schedule: Schedule;
  readonly outcome: string;
  readonly violations: readonly Violation[];
  /** Of journal and account log: the same for every play of the schedule. */
  readonly digest: string;
  readonly records: number;
  readonly mutations: number;
  readonly awaits: number;
  readonly world: World;
}

type Ended =
  | { readonly kind: Advanced["stopped"] }
  | { readonly kind: "crashed"; readonly awayHours: number }
  | { readonly kind: "refused"; readonly code: string };

/** Plays a schedule from the start of the run until nothing is left to do, checking every promise on the way. */
export async function play(small: SmallWorld, schedule: Schedule): Promise<Played> {
  return playOn(small, new World(small, schedule));
}

export async function playOn(small: SmallWorld, world: World): Promise<Played> {
  const outcome = await untilNothingIsLeft(world);
  await atEnd(world);
  if (world.run !== undefined && world.records.length > 0 && world.state().outcome !== undefined) await againChangesNothing(world);
  const digest = sha256Hex(canonicalJson([world.records, world.log.slice(small.deployed.length)]));
  const { schedule, violations, records, mutations, awaits } = world;
  return { schedule, outcome, violations, digest, records: records.length, mutations: mutations.length, awaits, world };
}

async function untilNothingIsLeft(world: World): Promise<string> {
  let asked = 0;
  for (let turn = 1; world.nowMs() < startMs + longestHours * hourMs; turn += 1) {
    if (turn > 3_000) break;
    if (world.isStuck) return "stuck";
    const ended = await operate(world, world.schedule.mode === "tick" ? "tick" : "resume", `operator ${turn}`);
    switch (ended.kind) {
      case "closed":
        return world.state().outcome ?? "closed";
      case "needs-human": {
        asked += 1;
        const end = await person(world, asked);
        if (end !== undefined) return end;
        continue;
      }
      case "waiting":
        await world.advanceTo(world.nowMs() + hourMs / 4);
        continue;
      case "told":
        continue;
      case "crashed":
        await world.advanceTo(world.nowMs() + ended.awayHours * hourMs);
        continue;
      case "refused":
        // Of a run that somebody else began from the plan meanwhile nobody goes away: it is the run that makes the plan outdated.
        if ((ended.code === "plan-outdated" || ended.code === "plan-too-old") && world.records.length === 0) return ended.code;
        await world.advanceTo(world.nowMs() + hourMs / 2);
        continue;
      default:
        throw new Error(`no such end: ${JSON.stringify(ended satisfies never)}`);
    }
  }
  world.violate("it comes to an end", `the run still goes on after ${longestHours} hours`);
  return "endless";
}

/** What a person does whose run asks for one: goes on, goes back, and gives up in the end; some hours apart. */
async function person(world: World, asked: number): Promise<string | undefined> {
  if (asked > 12) {
    const aborted = await operate(world, "abort", `person ${asked}`);
    return aborted.kind === "closed" ? (world.state().outcome ?? "closed") : "needs-human";
  }
  await world.advanceTo(world.nowMs() + 8 * hourMs);
  await operate(world, asked % 3 === 0 ? "rollback" : "continue", `person ${asked}`);
  return undefined;
}

async function operate(world: World, request: Request | "abort", name: string): Promise<Ended> {
  let depth = 0;
  const other = async (asked: Request): Promise<void> => {
    if (depth > 0) return;
    depth += 1;
    await operate(world, asked, `${name}'s other`);
    depth -= 1;
  };
  const process = openProcess(world, name, other);
  const mode: Mode = request === "tick" || world.schedule.mode === "tick" ? "tick" : "foreground";
  const driver: Driver = { who: name, toolVersion: "0", mode };
  try {
    return { kind: (await carryOut(world, request, driver, process.ports)).stopped };
  } catch (error) {
    // Whatever a dying process says is its death: some errors are told in other words.
    if (process.isDead) return { kind: "crashed", awayHours: process.awayHours };
    if (error instanceof UserError) return { kind: "refused", code: error.code };
    const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    if (!(error instanceof Crash)) world.violate("no error but those that are told", words);
    return { kind: "refused", code: "fault" };
  }
}

function carryOut(world: World, request: Request | "abort", driver: Driver, ports: ReturnType<typeof openProcess>["ports"]): Promise<Advanced> {
  if (world.run === undefined || world.records.length === 0) return startRun(world.stored, driver, ports);
  switch (request) {
    case "resume":
    case "tick":
      return resumeRun(world.runId, driver, ports);
    case "continue":
      return continueRun(world.runId, driver, ports);
    case "rollback":
      return requestRollback(world.runId, null, driver, ports);
    case "abort":
      return abortRun(world.runId, driver, ports);
    default:
      throw new Error(`no such request: ${JSON.stringify(request satisfies never)}`);
  }
}

async function againChangesNothing(world: World): Promise<void> {
  const before = world.mutations.length;
  await operate(world, "resume", "afterwards");
  if (world.mutations.length > before) world.violate("a closed run changes nothing", `${world.mutations.length - before} calls`);
}

/** A schedule without troubles that say nothing of its failure. */
export async function shrink(small: SmallWorld, failing: Played): Promise<Played> {
  const invariants = new Set(failing.violations.map(({ invariant }) => invariant));
  let smallest = failing;
  for (let at = 0; at < smallest.schedule.troubles.length;) {
    const troubles = smallest.schedule.troubles.toSpliced(at, 1);
    const played = await play(small, { ...smallest.schedule, troubles });
    if (played.violations.some(({ invariant }) => invariants.has(invariant))) smallest = played;
    else at += 1;
  }
  return smallest;
}
