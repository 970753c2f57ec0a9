/**
 * `npm run test:simulation [-- --long] [--seeds N] [--from S] [--seed N] [--drill NAME]`: the whole run on the virtual clock, against the simulated
 * account, through schedules of troubles made from seeds and through a crash at every await. Prints what it tried and what broke, as small as
 * it can be made, with the command that plays it again. Ends with 1 when any promise broke.
 *
 * Runs in which every kind of change is made are killed at a spread of moments besides; `-- --every-kind` kills them at every await, and plays nothing else.
 */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { CrashesPlayed } from "./crash-everywhere.ts";
import { makeTimersQuick } from "./quick-timers.ts";
import { troubleWords } from "./schedule.ts";
import type { Violation } from "./world.ts";

/** As many as take some ten minutes on two cores. */
const usualSeeds = 2_000;
const longSeeds = 10_000;
/** Of each run with every kind of change, unless all of them are asked for: a minute on two cores, all of them a quarter of an hour. */
const usualMoments = 30;

/** Crashes as a worker tells them: of which account. */
interface Crashes extends CrashesPlayed {
  readonly of: string;
}

/** What one schedule came to, as a worker tells it. */
interface Told {
  readonly seed: number;
  readonly outcome: string;
  readonly awaits: number;
  readonly records: number;
  readonly mutations: number;
  readonly kinds: readonly string[];
  readonly violations: readonly Violation[];
}

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    drill: { type: "string" },
    long: { type: "boolean", default: false },
    "no-crashes": { type: "boolean", default: false },
    "every-kind": { type: "boolean", default: false },
    first: { type: "boolean", default: false },
    worker: { type: "string" },
  },
});
const from = Number(values.seed ?? values.from);
const usualCount = values["every-kind"] ? 0 : values.long ? longSeeds : usualSeeds;
const count = values.seed === undefined ? Number(values.seeds ?? usualCount) : 1;

if (values.worker !== undefined) await work(values.worker);
else if (values.drill !== undefined) process.exitCode = await playDrill(values.drill);
else process.exitCode = values.seed === undefined ? await playAll() : await explain(from);

/** Plays every so manieth schedule, crashes first, and tells each to the parent. */
async function work(share: string): Promise<void> {
  const [which = 0, lanes = 1] = share.split("/").map(Number);
  makeTimersQuick();
  const { makeSchedule } = await import("./make-schedule.ts");
  const { play } = await import("./play.ts");
  const { smallWorld } = await import("./small-account.ts");
  const { playCrashes, smallRuns } = await import("./crash-everywhere.ts");
  const { everyKindRuns, everyKindWorld } = await import("./every-kind-world.ts");
  const small = await smallWorld();
  const tell = (told: Told | { readonly crashes: Crashes }): void => void process.send?.(told);
  const isWhole = values["every-kind"];
  if (!values["no-crashes"] && !isWhole) tell({ crashes: { of: "the small account", ...(await playCrashes({ small, runs: smallRuns }, which, lanes)) } });
  if (!values["no-crashes"]) {
    const every = { small: await everyKindWorld(), runs: everyKindRuns, ...(isWhole ? {} : { mostMoments: usualMoments }) };
    tell({ crashes: { of: "the account with every kind of change", ...(await playCrashes(every, which, lanes)) } });
  }
  for (let seed = from + which; seed < from + count; seed += lanes) {
    const schedule = makeSchedule(seed);
    const kinds = schedule.troubles.map((trouble) => (trouble.kind === "hand" ? trouble.deed : trouble.kind === "aws" ? trouble.fault.kind : trouble.kind));
    try {
      const { outcome, awaits, records, mutations, violations } = await play(small, schedule);
      tell({ seed, outcome, awaits, records, mutations, kinds, violations });
    } catch (error) {
      // Whether the suite or the engine is wrong has to be looked at: the seed is told, and the others are played.
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      tell({
        seed,
        outcome: "not judged",
        awaits: 0,
        records: 0,
        mutations: 0,
        kinds,
        violations: [{ invariant: "each schedule can be judged", detail, atMs: 0 }],
      });
    }
  }
  process.disconnect?.();
}

async function playAll(): Promise<number> {
  const lanes = Math.max(1, values["every-kind"] ? availableParallelism() : Math.min(availableParallelism(), count));
  const told: Told[] = [];
  const crashes: Crashes[] = [];
  const beganMs = performance.now();
  let stop = (): void => undefined;
  const failed = (): boolean => told.some(isBroken) || crashes.some(({ broken }) => broken.length > 0);
  const children = Array.from({ length: lanes }, (_, lane) => fork(import.meta.filename, [...process.argv.slice(2), "--worker", `${lane}/${lanes}`]));
  stop = () => children.forEach((child) => child.kill());
  const ends = children.map(
    (child) =>
      new Promise<number>((resolve) => {
        child.on("message", (message: Told | { readonly crashes: Crashes }) => {
          if ("crashes" in message) crashes.push(message.crashes);
          else told.push(message);
          if (told.length > 0 && told.length % 200 === 0 && !("crashes" in message)) console.log(progress(told.length, beganMs));
          if (values.first && failed()) stop();
        });
        child.on("exit", (code, signal) => resolve(signal === null ? (code ?? 1) : values.first && failed() ? 0 : 1));
      }),
  );
  const codes = await Promise.all(ends);
  summary(told, crashes, beganMs);
  for (const { of, at, violations } of crashes.flatMap(({ of, broken }) => broken.map((one) => ({ of, ...one }))).slice(0, 5)) {
    console.log(`\nBROKEN at a crash: ${of}, ${at}`);
    for (const { invariant, detail } of violations) console.log(`  ${invariant}: ${detail}`);
  }
  const broken = told.filter(isBroken).toSorted((a, b) => a.seed - b.seed);
  for (const { seed, violations } of broken.slice(0, 20)) {
    console.log(`\nBROKEN seed ${seed}: ${[...new Set(violations.map(({ invariant }) => invariant))].join("; ")}`);
    console.log(`  ${violations[0]?.detail ?? ""}\n  again, and smaller: npm run test:simulation -- --seed ${seed}`);
  }
  if (codes.some((code) => code !== 0)) console.log("a worker did not come to its end");
  return failed() || codes.some((code) => code !== 0) ? 1 : 0;
}

function isBroken({ violations }: Told): boolean {
  return violations.length > 0;
}

function progress(played: number, beganMs: number): string {
  return `${played} of ${count} schedules, ${((performance.now() - beganMs) / 1000).toFixed(0)} s`;
}

function summary(told: readonly Told[], crashes: readonly Crashes[], beganMs: number): void {
  const total = (of: (one: Told) => number): number => told.reduce((sum, one) => sum + of(one), 0);
  const counted = (words: readonly string[]): string =>
    [...new Set(words)]
      .toSorted()
      .map((word) => `${word} ${words.filter((each) => each === word).length}`)
      .join(", ");
  console.log(`${told.length} schedules from seed ${from}, and crashes, in ${((performance.now() - beganMs) / 1000).toFixed(0)} s`);
  // Each worker counts all of them, and plays its share.
  for (const { of, points, moments, tried } of new Map(crashes.map((one) => [one.of, one])).values())
    console.log(`  crashes of ${of}: ${points} places before and after an await, ${moments} different moments, ${tried} of them tried`);
  console.log(
    `  ${total(({ awaits }) => awaits)} awaits, ${total(({ records }) => records)} records, ${total(({ mutations }) => mutations)} changes of the account`,
  );
  console.log(`  troubles: ${counted(told.flatMap(({ kinds }) => kinds))}`);
  console.log(`  ends: ${counted(told.map(({ outcome }) => outcome))}`);
}

/** One drill by name, or all of them. */
async function playDrill(name: string): Promise<number> {
  makeTimersQuick();
  const { drillNames, drillOf } = await import("./drills.ts");
  const { play } = await import("./play.ts");
  const { smallWorld } = await import("./small-account.ts");
  const small = await smallWorld();
  let code = 0;
  for (const each of drillNames.filter((one) => name === "all" || one === name)) {
    const { outcome, violations } = await play(small, await drillOf(small, each));
    console.log(`${each}: ${outcome}`);
    for (const { invariant, detail } of violations) {
      console.log(`BROKEN ${invariant}: ${detail}`);
      code = 1;
    }
  }
  return code;
}

/** One schedule, played twice for the same bytes, shrunk where it fails, with its journal in short. */
async function explain(seed: number): Promise<number> {
  makeTimersQuick();
  const { makeSchedule } = await import("./make-schedule.ts");
  const { play, shrink } = await import("./play.ts");
  const { smallWorld } = await import("./small-account.ts");
  const { recordWords } = await import("./record-words.ts");
  const small = await smallWorld();
  const first = await play(small, makeSchedule(seed));
  const second = await play(small, makeSchedule(seed));
  console.log(`seed ${seed}: ${first.outcome}, digest ${first.digest}`);
  for (const trouble of first.schedule.troubles) console.log(`  ${troubleWords(trouble)}`);
  if (first.digest !== second.digest) console.log(`NOT THE SAME: the second play has the digest ${second.digest}`);
  if (first.violations.length === 0) return first.digest === second.digest ? 0 : 1;
  const smallest = await shrink(small, first);
  console.log(
    `\nthe same with ${smallest.schedule.troubles.length} of ${first.schedule.troubles.length} troubles, ${smallest.schedule.mode}: digest ${smallest.digest}`,
  );
  for (const trouble of smallest.schedule.troubles) console.log(`  ${troubleWords(trouble)}`);
  for (const line of recordWords(smallest.world)) console.log(line);
  for (const { invariant, detail, atMs } of smallest.violations) console.log(`BROKEN ${invariant}: ${detail} (${new Date(atMs).toISOString()})`);
  return 1;
}
