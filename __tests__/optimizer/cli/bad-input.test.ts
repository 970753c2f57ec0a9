import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import story from "../../../simulation/scenarios/story.json" with { type: "json" };
import { deployedState, inProcess, writeSynthesis } from "../../support/deployed-state.ts";
import { type Ended, fingerprints, optimizerProcess, twoAtATime } from "../../support/optimizer-process.ts";

interface Case {
  readonly name: string;
  readonly argv: readonly string[];
  /** Exit code; 2 where none is given. */
  readonly code?: number;
  /** The wrong value, as the message must name it. */
  readonly says: string | RegExp;
  readonly hint: string | RegExp;
  readonly input?: string;
}

const simulated = ["--aws", "simulated", "--state", "state"];
const outputs = ["--outputs-file", "outputs.json"];
const plan = ["plan", ...simulated, "--json"];

/** Every file that cases name, by content. */
const files: Readonly<Record<string, string | Uint8Array>> = {
  "empty.json": "",
  "cut.json": '{"asg_name": {"value":',
  "hostile.json": '{"__proto__": {"asg_name": "x"}}',
  "twice.json": '{"asg_name": "a", "asg_name": "b"}',
  "deep.json": "[".repeat(2000) + "]".repeat(2000),
  "binary.json": new Uint8Array([0x80, 0x9f, 0xff, 0x00]),
  "unknown.json": '{"greeting": {"value": "hello", "type": "string", "sensitive": false}}',
  "wrapped.json": '[command]/usr/bin/terraform-bin output -json\n{"asg_name": {"value": "g"}}',
  "foreign.json":
    '{"asg_arn": "arn:aws:autoscaling:us-east-1:210987654321:autoScalingGroup:00000000-0000-4000-8000-000000000000:autoScalingGroupName/tap-production-asg"}',
  "china.json": '{"region": "cn-north-1", "asg_name": "g"}',
  "policy-cut.json": '{"window":',
  "policy-unknown.json": '{"windows": {}, "window": {"minutes": "two days"}}',
  "scenario-wrong.json": '{"name": "wrong", "weather": "bad"}',
  "patient.json": '{"planMaxAgeDays": 30}',
  "plan-other.json": '{"version": 7}',
};

const outputsCases: readonly Case[] = [
  { name: "a missing outputs file", argv: [...plan, "--outputs-file", "nope.json"], says: "nope.json: there is no such file", hint: "output -json" },
  { name: "an empty outputs file", argv: [...plan, "--outputs-file", "empty.json"], says: "empty.json is empty", hint: "terraform" },
  { name: "outputs cut short", argv: [...plan, "--outputs-file", "cut.json"], says: /cut\.json:1:\d+, key asg_name\.value: the JSON ends/, hint: "unchanged" },
  { name: "a hostile key", argv: [...plan, "--outputs-file", "hostile.json"], says: "key __proto__", hint: "terraform output" },
  { name: "a key that stands twice", argv: [...plan, "--outputs-file", "twice.json"], says: /asg_name: this key stands here twice/, hint: "unchanged" },
  { name: "outputs too deep", argv: [...plan, "--outputs-file", "deep.json"], says: "nested deeper than 100", hint: "unchanged" },
  { name: "outputs that are no text", argv: [...plan, "--outputs-file", "binary.json"], says: "binary.json is not UTF-8", hint: "JSON itself" },
  { name: "outputs without any known name", argv: [...plan, "--outputs-file", "unknown.json"], says: "unknown.json: no resource", hint: "output -json" },
  { name: "a folder instead of outputs", argv: [...plan, "--outputs-file", "folder"], says: "folder cannot be read (EISDIR)", hint: "file" },
  {
    name: "an empty pipe and no file",
    argv: ["plan", "--aws", "simulated", "--state", "fresh", "--json"],
    input: "",
    says: "nothing is deployed to the simulated account of fresh",
    hint: "npx optimizer simulate deploy --state fresh",
  },
  { name: "a pipe of something else", argv: plan, input: "no state file\n", says: /standard input:1:1: expected JSON/, hint: "terraform output" },
  {
    name: "a pipe of Terraform's complaint",
    argv: plan,
    input: "Error: no state file\n",
    says: "standard input: this is a message of Terraform",
    hint: "Mend",
  },
  {
    name: "setup-terraform's wrapper",
    argv: [...plan, "--outputs-file", "wrapped.json"],
    says: "wrapped.json: this is what the wrapper",
    hint: "terraform_wrapper: false",
  },
  {
    name: "another account's outputs",
    argv: [...plan, "--outputs-file", "foreign.json"],
    says: /account 123456789012, the outputs to 210987654321 \(foreign\.json, asg_arn\)/,
    hint: "--profile",
  },
  { name: "another partition's outputs", argv: [...plan, "--outputs-file", "china.json"], says: "partition aws, the outputs to aws-cn", hint: "partition" },
  { name: "--map without a key", argv: [...plan, ...outputs, "--map", "asg_name"], says: "--map asg_name: expected OUTPUT=KEY", hint: "asg_name=" },
  { name: "--map of a key that is not there", argv: [...plan, ...outputs, "--map", "asg_name=Fleet"], says: 'no key "Fleet"', hint: "outputs" },
  { name: "--map with --plan", argv: ["run", ...simulated, "--plan", "plan.json", "--map", "asg_name=Fleet"], says: "--map with --plan", hint: "plan --map" },
  { name: "no region of that name", argv: [...plan, ...outputs, "--region", "mars-north"], says: '"mars-north"', hint: "us-east-1" },
  { name: "a region the outputs do not name", argv: [...plan, ...outputs, "--region", "eu-west-1"], says: "eu-west-1", hint: "Pass a region" },
];

const flagCases: readonly Case[] = [
  { name: "an unknown flag", argv: ["plan", "--jsno"], says: "unknown flag: --jsno", hint: "did you mean --json?" },
  { name: "an unknown flag like no other", argv: ["plan", "--frobnicate"], says: "--frobnicate", hint: "usage: optimizer plan" },
  { name: "an unknown command", argv: ["stauts"], says: "unknown command: stauts", hint: "did you mean status?" },
  { name: "a word too many", argv: ["status", "run-1", "run-2"], says: "unexpected argument: run-2", hint: "usage: optimizer status [run]" },
  { name: "no run named", argv: ["resume"], says: "resume needs <run>", hint: "usage: optimizer resume <run>" },
  { name: "a flag without its value", argv: ["plan", "--outputs-file"], says: "--outputs-file needs a value", hint: "usage: optimizer plan" },
  { name: "a value that is no choice", argv: ["plan", "--aws", "moon"], says: "--aws moon: expected real or simulated", hint: "--help" },
  {
    name: "a value that is nearly a choice",
    argv: ["plan", "--format", "htlm"],
    says: "--format htlm: expected table, json, markdown, csv or html",
    hint: "did you mean html?",
  },
  { name: "an argument that is no choice", argv: ["completion", "bsh"], says: "SHELL bsh: expected bash, zsh or fish", hint: "did you mean bash?" },
  { name: "a flag given twice", argv: ["runs", "--state", "a", "--state", "b"], says: "--state was given more than once", hint: "once" },
  { name: "no such phase to skip", argv: [...plan, ...outputs, "--skip-phases", "1,9"], says: '"9" is no phase', hint: "1, 2 and 3" },
  { name: "no such phase to undo", argv: ["rollback", "run-1", ...simulated, "--phase", "two"], says: "--phase two", hint: "1, 2 and 3" },
  { name: "a virtual clock for AWS", argv: ["plan", "--clock", "virtual"], says: "--clock virtual", hint: "--aws simulated" },
  { name: "a state in S3", argv: ["runs", "--state", "s3://bucket/state"], says: "s3://bucket/state", hint: "local folder" },
  {
    name: "an approval",
    argv: [...plan, ...outputs, "--approve", "a.rule:thing"],
    says: "--approve a.rule:thing: there is no rule a.rule",
    hint: "leave it out",
  },
  { name: "an approval of nothing", argv: ["runs", "--approve", "a.rule:thing"], says: "optimizer runs approves of nothing", hint: "--approve ID" },
  { name: "a dry run of what changes", argv: ["resume", "run-1", ...simulated, "--dry-run"], says: "resume <run>", hint: "optimizer run --dry-run" },
  { name: "results to a folder", argv: [...plan, ...outputs, "--out", "folder"], says: /folder cannot be written: EISDIR/, hint: "may write" },
];

const fileCases: readonly Case[] = [
  { name: "a missing policy", argv: [...plan, ...outputs, "--policy", "nope.json"], says: "--policy nope.json", hint: "optimizer.config.json" },
  { name: "a policy that cannot be read", argv: [...plan, ...outputs, "--policy", "folder"], says: "folder cannot be read", hint: "may read" },
  { name: "a policy cut short", argv: [...plan, ...outputs, "--policy", "policy-cut.json"], says: "policy-cut.json is not JSON", hint: "JSON object" },
  {
    name: "unknown settings and wrong types, all at once",
    argv: [...plan, ...outputs, "--policy", "policy-unknown.json"],
    says: /2 problems\n {2}window\.minutes: .*, found "two days"\n {2}windows: there is no such setting; did you mean window\?/,
    hint: "defaults",
  },
  { name: "an unknown scenario", argv: [...plan, ...outputs, "--scenario", "tragedy"], says: "--scenario tragedy", hint: "story" },
  { name: "a scenario that is wrong", argv: [...plan, ...outputs, "--scenario", "scenario-wrong.json"], says: "weather", hint: "docs/simulation.md" },
  {
    name: "stacks that are not there",
    argv: ["simulate", "deploy", ...simulated, "--from", "nope"],
    says: "nope/stacks cannot be read",
    hint: "npm run synth",
  },
  {
    name: "a file as the state",
    argv: ["plan", "--aws", "simulated", "--state", "empty.json", "--json", ...outputs],
    says: "--state empty.json",
    hint: "folder",
  },
  { name: "a file as the state of runs", argv: ["runs", "--state", "empty.json"], says: "empty.json", hint: "folder" },
  { name: "a state of a newer version", argv: ["status", "--state", "newer"], says: "version 99", hint: "newer one" },
  { name: "a state without a run", argv: ["status", ...simulated], says: "no run in state", hint: "optimizer run" },
  { name: "an unknown run", argv: ["status", "run-1", ...simulated], says: "no run run-1 in state", hint: "optimizer runs" },
  ...["tick", "rollback", "report", "verify-journal"].map((command): Case => ({
    name: `a run outside the state: ${command}`,
    argv: [command, "../../etc", ...simulated],
    says: '"../../etc" is not a run id',
    hint: "optimizer runs",
  })),
  { name: "no such lock", argv: ["force-unlock", "../lock", ...simulated, "--yes"], says: '"../lock" is not a lock id', hint: "who holds the lock" },
];

const planCases: readonly Case[] = [
  {
    name: "a missing plan",
    argv: ["run", ...simulated, "--yes", "--plan", "nope.json"],
    says: "nope.json: there is no such file",
    hint: "optimizer plan",
  },
  { name: "a folder as the plan", argv: ["run", ...simulated, "--yes", "--plan", "folder"], says: "folder: it cannot be read", hint: "optimizer plan" },
  { name: "a plan of another version", argv: ["run", ...simulated, "--yes", "--plan", "plan-other.json"], says: "plan version 7", hint: "Make the plan again" },
  {
    name: "a plan that was altered",
    argv: ["run", ...simulated, "--yes", "--plan", "altered.json"],
    says: "altered.json is no plan of state",
    hint: "optimizer plan",
  },
  {
    name: "a plan of another account",
    argv: ["run", "--aws", "simulated", "--state", "other", "--scenario", "other.json", "--yes", "--json", "--plan", "plan.json"],
    says: "account 111122223333, the plan to 123456789012",
    hint: "--profile",
  },
  {
    name: "a plan that is too old",
    argv: ["run", "--aws", "simulated", "--state", "late", "--scenario", "late.json", "--yes", "--json", "--plan", "plan.json"],
    says: /the plan is \d+\.\d days old, 3 are allowed/,
    hint: "optimizer plan",
  },
  { name: "nobody to ask", argv: ["run", ...simulated, ...outputs], says: "no terminal", hint: "--yes" },
  { name: "nobody to ask about a plan", argv: ["run", ...simulated, "--plan", "plan.json"], says: "no terminal", hint: "--yes" },
  {
    name: "a --yes that a local folder cannot vouch for",
    argv: ["run", "--state", "real", ...outputs, "--yes"],
    says: "local state folder real",
    hint: "--single-operator",
  },
  {
    name: "no credentials",
    argv: ["plan", "--state", "real", ...outputs, "--json"],
    says: /sts:GetCallerIdentity in us-east-1: CredentialsProviderError/,
    hint: "Sign in",
  },
];

const cases = [...outputsCases, ...flagCases, ...fileCases, ...planCases];

let folder = "";
const results = new Map<string, Ended>();
let before: Readonly<Record<string, string>> = {};
let after: Readonly<Record<string, string>> = {};

const run = (argv: readonly string[], input?: string): Promise<Ended> => optimizerProcess(argv, { cwd: folder, ...(input === undefined ? {} : { input }) });
const at = (name: string): string => join(folder, name);

async function scenario(name: string, changes: object): Promise<string> {
  const { $schema: _, ...rest } = story as Record<string, unknown>;
  await writeFile(at(name), JSON.stringify({ ...rest, ...changes }));
  return at(name);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "optimizer-bad-input-"));
  await mkdir(at("folder"));
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(at(name), content)));
  await mkdir(at("newer"));
  await writeFile(at("newer/version.json"), '{"version": 99}');
  const synthesis = await writeSynthesis(at("cdktf.out"));
  await cp(await deployedState(at("state"), synthesis), at("outputs.json"));
  // Its lease is short, for the test of the lock.
  await writeFile(at("hasty.json"), '{"lock": {"leaseSeconds": 2}}');
  const { out } = await inProcess([
    "plan",
    ...simulated.slice(0, 3),
    at("state"),
    "--json",
    "--outputs-file",
    at("outputs.json"),
    "--policy",
    at("hasty.json"),
    "--out",
    at("plan.json"),
  ]);
  await writeFile(at("altered.json"), out.replace("m5.2xlarge", "m5.8xlarge"));
  await deployedState(at("other"), synthesis, await scenario("other.json", { accountId: "111122223333" }));
  await deployedState(at("late"), synthesis, await scenario("late.json", { start: "2026-07-01T00:00:00Z" }));
  for (const state of ["other", "late"]) await cp(at("state/plans"), at(`${state}/plans`), { recursive: true });
  before = await fingerprints(folder);
  const ended = await twoAtATime(cases, ({ argv, input }) => run(argv, input));
  cases.forEach(({ name }, index) => {
    const result = ended[index];
    if (result !== undefined) results.set(name, result);
  });
  after = await fingerprints(folder);
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

function resultOf(name: string): Ended {
  const result = results.get(name);
  if (result === undefined) throw new Error(`no process ran for ${name}`);
  return result;
}

describe("bad input", () => {
  it.each(cases)("$name: is named, with a remedy and the documented exit code", ({ name, code = 2, says, hint }) => {
    const result = resultOf(name);
    expect(result.err).toMatch(says instanceof RegExp ? says : new RegExp(escaped(says)));
    const lines = result.err.trimEnd().split("\n");
    const told = lines.findIndex((line) => line.startsWith("optimizer: "));
    expect(told).toBeGreaterThanOrEqual(0);
    expect(lines.at(-1)).toMatch(/^ {2}\S/);
    expect(lines.at(-1)).toMatch(hint instanceof RegExp ? hint : new RegExp(escaped(hint)));
    expect(result.code).toBe(code);
  });

  it("never prints a stack or calls itself a bug, and leaves standard output empty", () => {
    for (const [name, { out, err }] of results) {
      expect([name, err]).not.toEqual([name, expect.stringMatching(/^ +at .+:\d+:\d+\)?$|this is a bug/m)]);
      expect([name, out]).toEqual([name, ""]);
    }
  });

  it("changes nothing: no run, no file that was there", async () => {
    for (const [file, hash] of Object.entries(before)) expect([file, after[file]]).toEqual([file, hash]);
    for (const state of ["state", "other", "late"]) expect(await readdir(at(state))).not.toContain("runs");
  });

  it("shows the stack with --debug", async () => {
    const { code, err } = await run(["status", "run-1", ...simulated, "--debug"]);
    expect(code).toBe(2);
    expect(err).toMatch(/UserError: there is no run run-1[\s\S]+\n {4}at /);
  });
});

describe("a run in the way", { timeout: 120_000 }, () => {
  it("is refused with 3 while another process holds the lock, naming holder and run", async () => {
    const holder = spawn(process.execPath, ["--import", "tsx", join(import.meta.dirname, "../../support/lock-holder.ts"), at("state"), "run-held", "2000"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const stopped = new Promise((resolve) => holder.on("close", resolve));
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    const alive = setInterval(() => holder.stdin.write("assert\n"), 200);
    try {
      const { code, out, err } = await run(["run", ...simulated, "--yes", "--json", "--plan", "plan.json"]);
      expect([code, out]).toEqual([3, ""]);
      expect(err).toMatch(
        /us-east-1 is locked by operator \(run run-held, process \d+ on .+, lock [0-9a-f-]{36}\)\n {2}.*optimizer force-unlock [0-9a-f-]{36}\n$/,
      );
    } finally {
      clearInterval(alive);
      holder.kill();
      await stopped;
    }
  });

  it("stops resumable with 75 when credentials expire, refuses a second run with 3, and goes on afterwards", async () => {
    const expiring = await scenario("expiring.json", { faults: [{ kind: "expired-token", from: 0, until: 1000, commands: ["UpdateTable"], times: 1 }] });
    const state = ["--aws", "simulated", "--state", "expiring", "--scenario", "expiring.json"];
    await deployedState(at("expiring"), at("cdktf.out"), expiring);
    const first = await run(["run", ...state, "--yes", "--json", ...outputs, "--policy", "patient.json"]);
    expect([first.code, first.out]).toEqual([75, ""]);
    expect(first.err).toMatch(/ExpiredToken/);
    expect(first.err).toMatch(/Sign in again.*optimizer resume/);

    const [open] = JSON.parse((await run(["runs", ...state, "--json"])).out);
    expect(open).toMatchObject({ open: true, accountId: "123456789012" });
    const second = await run(["run", ...state, "--yes", "--json", ...outputs]);
    expect([second.code, second.out]).toEqual([3, ""]);
    expect(second.err).toContain(`run ${open.runId} is open for account 123456789012`);
    expect(second.err).toContain(`optimizer resume ${open.runId}`);

    const resumed = await run(["resume", open.runId, ...state, "--json"]);
    expect(resumed).toMatchObject({ code: 5 });
    expect(JSON.parse(resumed.out)).toMatchObject({ run: open.runId, outcome: "partly-rolled-back" });

    // The account is no longer what the plan saw.
    await cp(at(`expiring/plans/${open.planHash}/plan.json`), at("used.json"));
    const again = await run(["run", ...state, "--yes", "--json", "--plan", "used.json"]);
    expect([again.code, again.out]).toEqual([2, ""]);
    expect(again.err).toMatch(/optimizer: the account is not as the plan saw it:\n(?: {2}.+\n)+ {2}Make a new plan with `optimizer plan`/);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
