import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../contract/user-error.ts";
import type { World, WorldSettings } from "../composition/world.ts";
import { shellWord } from "../core/model/shell-words.ts";
import { defaultState, type GlobalArguments, refuseRepetition, worldSettings } from "./global-flags.ts";
import type { Shell } from "./shell.ts";
import { stateEntries, worldFileName } from "./state-entries.ts";

const defaultScenario = "story";

/** `world.json` of a state folder: which account its plans and runs are about, so that no flag need be repeated. */
const rememberedSchema = z.strictObject({
  version: z.literal(1),
  aws: z.enum(["real", "simulated"]),
  scenario: z.string().min(1).optional(),
  profile: z.string().min(1).optional(),
});

type Remembered = z.infer<typeof rememberedSchema>;

/** Flags that say which account a command is about; absent where the state folder or a default says it. */
type WorldFlags = Pick<GlobalArguments, "state" | "aws" | "scenario" | "clock" | "profile">;

/**
 * The world that the flags name, else the one that the state folder remembers. `begin` says that the command may begin a world here: then it
 * is written down. `look` opens the state folder alone, which works on a disk that is full or read-only. A flag that contradicts what the folder holds is refused: one folder is about one account.
 */
export async function openWorld(argv: WorldFlags, shell: Shell, purpose: "act" | "begin" | "look" = "act"): Promise<World> {
  for (const name of ["state", "scenario", "profile"] as const) refuseRepetition(name, argv[name]);
  const remembered = await inForce(argv, await readRemembered(argv.state, shell), shell);
  const aws = argv.aws ?? remembered?.aws ?? "real";
  if (remembered !== undefined) refuseOther(argv, remembered);
  const scenario = argv.scenario ?? remembered?.scenario ?? defaultScenario;
  const profile = argv.profile ?? remembered?.profile;
  const settings = worldSettings({ ...argv, aws, scenario, ...(profile === undefined ? {} : { profile }) });
  const world = await created(purpose === "look" ? { ...settings, account: "none" } : settings, shell, remembered);
  if (purpose === "begin" && remembered === undefined) {
    const written: Remembered = { version: 1, aws, ...(aws === "simulated" ? { scenario } : {}), ...(profile === undefined ? {} : { profile }) };
    await shell.files.write(fileOf(argv.state), `${JSON.stringify(written)}\n`);
  }
  return world;
}

/** Where `adopt` writes and synthesis reads: a simulated run never writes into the stacks' own sizing files unless told. */
export function sizingFolder(given: string | undefined, world: World): string {
  return given ?? (world.simulation === undefined ? "sizing" : join(world.stateFolder, "sizing"));
}

/** The whole line to paste for what comes next; the folder is named where it is not the default one. */
export function nextCommand(argv: Pick<GlobalArguments, "state">, ...words: readonly string[]): string {
  const state = argv.state === defaultState ? [] : ["--state", argv.state];
  return ["npx", "optimizer", ...words, ...state].map(quoted).join(" ");
}

function quoted(word: string): string {
  return /^[\w./:=@,-]+$/.test(word) ? word : shellWord(word);
}

function fileOf(state: string): string {
  return join(state, worldFileName);
}

async function readRemembered(state: string, shell: Shell): Promise<Remembered | undefined> {
  const path = fileOf(state);
  const text = await shell.files.read(path);
  if (text === undefined) return undefined;
  const parsed = rememberedSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new UserError({
    code: "state-unusable",
    message: `${path} does not tell which account this folder is about`,
    hint: 'restore it ({"version":1,"aws":"real"} or {"version":1,"aws":"simulated","scenario":"story"}), or choose another folder with --state',
  });
}

/** A command that failed before it made anything has written down its account, too. Another command may still choose the other account. */
async function inForce({ state, aws }: WorldFlags, remembered: Remembered | undefined, shell: Shell): Promise<Remembered | undefined> {
  if (remembered === undefined || aws === undefined || aws === remembered.aws) return remembered;
  const names = await shell.files.list(state);
  return names.some((name) => name !== worldFileName && stateEntries.includes(name)) ? remembered : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // told by the schema
    throw error;
  }
}

function refuseOther({ state, aws }: WorldFlags, remembered: Remembered): void {
  if (aws !== undefined && aws !== remembered.aws) {
    throw new UserError({
      code: "other-world",
      message: `${state} holds plans and runs of ${remembered.aws === "real" ? "a real account" : `the simulated account (scenario ${remembered.scenario ?? defaultScenario})`}, not of ${aws === "real" ? "a real one" : "a simulated one"}`,
      hint: `leave --aws out, or name another folder with --state`,
    });
  }
}

/** The account's own log knows by its hash which scenario it is of: told here by name, with the way out. */
async function created(settings: WorldSettings, shell: Shell, remembered: Remembered | undefined): Promise<World> {
  try {
    return await shell.createWorld(settings);
  } catch (cause) {
    if (!(cause instanceof UserError) || cause.code !== "scenario-differs") throw cause;
    const known = remembered?.scenario ?? defaultScenario;
    const { state, scenario } = settings;
    throw new UserError({
      code: cause.code,
      message:
        known === scenario
          ? `the scenario ${scenario} has changed since ${state} was deployed from it`
          : `${state} is about the scenario ${known}, not ${scenario}`,
      hint: `name another folder with --state, or begin this one anew: ${nextCommand({ state }, "simulate", "deploy", "--reset", "--scenario", scenario)}`,
      cause,
    });
  }
}
