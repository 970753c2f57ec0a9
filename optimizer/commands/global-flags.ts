import type { InferredOptionTypes, Options } from "yargs";
import { UserError } from "../../contract/user-error.ts";
import type { WorldSettings } from "../composition/world.ts";
import type { GivenApproval } from "../core/planning/approvals.ts";
import type { PhaseNumber } from "../core/model/rule-id.ts";

export const defaultState = ".optimizer";

/** Flags that every command understands. */
export const globalOptions = {
  "outputs-file": { type: "string", array: true, requiresArg: true, describe: "What `terraform output -json` printed; `-` is standard input" },
  region: { type: "string", array: true, requiresArg: true, describe: "Only these regions; also the region of outputs that do not say theirs" },
  "dry-run": { type: "boolean", default: false, describe: "Decide and show, but change nothing: the parts that could change AWS are not even built" },
  "skip-phases": { type: "string", requiresArg: true, describe: "Phases to leave out, e.g. 1,3" },
  policy: { type: "string", requiresArg: true, describe: "Policy file (default: optimizer.config.json, where there is one)" },
  profile: { type: "string", requiresArg: true, describe: "AWS profile" },
  yes: { type: "boolean", default: false, describe: "Answer the question before a change with yes" },
  "single-operator": { type: "boolean", default: false, describe: "With --yes: you know that nobody else works on this account from another state folder" },
  approve: {
    type: "string",
    array: true,
    requiresArg: true,
    describe: "Id of an action that needs an approval, as `plan` prints it, or RULE:RESOURCE where that is unique",
  },
  json: { type: "boolean", default: false, describe: "Result as JSON on standard output, all else on standard error" },
  "no-color": { type: "boolean", default: false, describe: "No colours (also: NO_COLOR)" },
  state: { type: "string", requiresArg: true, default: defaultState, describe: "Folder of plans, journals and locks; remembers its account" },
  aws: { choices: ["real", "simulated"] as const, describe: "The account, or the embedded simulated one (default: the folder's, else real)" },
  scenario: { type: "string", requiresArg: true, describe: "Scenario of the simulated account: a name or a file (default: the folder's, else story)" },
  clock: {
    choices: ["real", "virtual"] as const,
    describe: "What a run waits by: real time, or a clock that jumps ahead (default: virtual for a simulated account, else real)",
  },
  debug: { type: "boolean", default: false, describe: "Print the stack of errors" },
} as const satisfies Readonly<Record<string, Options>>;

export type GlobalArguments = InferredOptionTypes<typeof globalOptions>;

/** The flags of a world once account and scenario are chosen. */
type Chosen = Pick<GlobalArguments, "state" | "clock" | "profile"> & { readonly aws: "real" | "simulated"; readonly scenario: string };

/** Where everything is and which account it is about. */
export function worldSettings(argv: Chosen): WorldSettings {
  const state = once("state", argv.state);
  if (state.startsWith("s3://")) {
    throw new UserError({
      code: "state-not-supported",
      message: `a state in S3 is not supported yet: ${state}`,
      hint: "give a local folder with --state; it protects one machine only",
    });
  }
  const clock = argv.clock ?? (argv.aws === "simulated" ? "virtual" : "real");
  if (clock === "virtual" && argv.aws === "real") {
    throw new UserError({ code: "bad-flag", message: "--clock virtual cannot run AWS's own time", hint: "leave it out, or add --aws simulated" });
  }
  return {
    state,
    aws: argv.aws,
    clock,
    scenario: once("scenario", argv.scenario),
    ...(argv.profile === undefined ? {} : { profile: once("profile", argv.profile) }),
  };
}

/** Refuses `--aws real` with a command that is about the simulated account alone, such as `optimizer demo`. */
export function refuseRealAccount({ aws }: Pick<GlobalArguments, "aws">, command: string): void {
  if (aws !== "real") return;
  throw new UserError({
    code: "bad-flag",
    message: `--aws real: optimizer ${command} is about the simulated account alone`,
    hint: "leave --aws out; `optimizer plan --aws real` looks at a real account and changes nothing",
  });
}

/** `--skip-phases 1,3`. */
export function skippedPhases(argv: GlobalArguments): readonly PhaseNumber[] {
  if (argv["skip-phases"] === undefined) return [];
  const given = once("skip-phases", argv["skip-phases"]);
  return given.split(",").map((part) => {
    const phase = phaseOf(part);
    if (phase !== undefined) return phase;
    throw new UserError({ code: "bad-flag", message: `--skip-phases ${given}: "${part}" is no phase`, hint: "phases are 1, 2 and 3, separated by commas" });
  });
}

/** A phase number given with `--phase`. */
export function onePhase(given: string | undefined): PhaseNumber | undefined {
  if (given === undefined) return undefined;
  const phase = phaseOf(once("phase", given));
  if (phase !== undefined) return phase;
  throw new UserError({ code: "bad-flag", message: `--phase ${given} is no phase`, hint: "phases are 1, 2 and 3" });
}

function phaseOf(text: string): PhaseNumber | undefined {
  return ([1, 2, 3] as const).find((phase) => String(phase) === text.trim());
}

/** `--approve`, with who gave it. */
export function approvalsGiven(argv: GlobalArguments, operator: string): readonly GivenApproval[] {
  return (argv.approve ?? []).map((given) => ({ given, by: operator }));
}

/**
 * US dollars given with a flag; without the flag there is no limit. The flag is read as a text: as a number, yargs would take an empty value (`--max-
 * cost=$UNSET`) for 0 or for a missing flag, and any other word for NaN.
 */
export function dollarsGiven(name: string, given: string | undefined, hint: string): number {
  if (given === undefined) return Number.POSITIVE_INFINITY;
  const text = once(name, given);
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  throw new UserError({ code: "bad-flag", message: `--${name} ${text === "" ? '""' : text} is no amount`, hint });
}

/** For flags that are read before they become settings. */
export function refuseRepetition(name: string, value: unknown): void {
  if (value !== undefined) once(name, value);
}

/** yargs makes a list of a flag given twice, whatever its type says. */
function once(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new UserError({ code: "bad-flag", message: `--${name} was given more than once`, hint: "give it once" });
}
