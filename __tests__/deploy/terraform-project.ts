import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { definedOnly, type Ran, runCommand, runExpecting } from "./run-command.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export const stackNames = ["primary", "secondary"] as const;
export type StackName = (typeof stackNames)[number];

/** A folder of its own for each run, beside other things that are made again when missing; it stays when a test fails. */
export function scratchFolder(): string {
  mkdirSync(join(root, ".cache"), { recursive: true });
  return mkdtempSync(join(root, ".cache", "deploy-"));
}

/** The stacks of this repository in a scratch folder of their own, deployed to a local server by the commands a user types. */
export class TerraformProject {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;

  constructor(folder: string, awsUrl: string, settings: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.environment = {
      ...process.env,
      ...settings,
      AWS_ENDPOINT_URL: awsUrl,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_SESSION_TOKEN: undefined,
      AWS_PROFILE: undefined,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_MAX_ATTEMPTS: "4",
      TAP_SIZING_DIR: this.sizingFolder,
      CDKTF_OUTDIR: this.outFolder,
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
      CHECKPOINT_DISABLE: "1",
      FORCE_COLOR: "0",
      NO_COLOR: "1",
      TF_INPUT: "0",
      TF_IN_AUTOMATION: "1",
    };
  }

  get outFolder(): string {
    return join(this.folder, "cdktf.out");
  }

  get sizingFolder(): string {
    return join(this.folder, "sizing");
  }

  /** Plans, journals and locks of the optimizer. */
  get stateFolder(): string {
    return join(this.folder, "optimizer");
  }

  /** `npm run synth`, and beside each stack what only this server needs: it is reached by address, so buckets are named in paths. */
  async synth(changed: Readonly<Record<string, string>> = {}): Promise<void> {
    await runExpecting([0], process.execPath, ["scripts/app.mjs"], { cwd: root, environment: { ...this.environment, ...changed } });
    for (const stack of stackNames) writeFileSync(join(this.stackFolder(stack), "local-aws_override.tf.json"), this.providerOverride(stack));
  }

  /** `cdktf deploy primary secondary`; the outputs file it writes. */
  async deploy(): Promise<string> {
    const outputsFile = join(this.folder, "outputs.json");
    const flags = ["--auto-approve", "--skip-synth", "--skip-provider-lock", "--outputs-file", outputsFile, "--output", this.outFolder];
    await runExpecting([0], join(root, "node_modules", ".bin", "cdktf"), ["deploy", ...stackNames, ...flags], { cwd: root, environment: this.environment });
    return outputsFile;
  }

  /** What `terraform output -json` prints for each stack, one after the other, as a shell would pipe it. */
  async outputs(): Promise<string> {
    const documents: string[] = [];
    for (const stack of stackNames) documents.push((await this.terraform(stack, [0], ["output", "-json"])).stdout);
    return documents.join("");
  }

  /** Addresses of resources that a plan would touch, with the actions; empty when Terraform agrees with what runs. Of `targets` alone, where some are named. */
  async differences(stack: StackName, targets: readonly string[] = []): Promise<readonly string[]> {
    const planFile = join(this.folder, `${stack}.tfplan`);
    const { code } = await this.terraform(stack, [0, 2], ["plan", "-detailed-exitcode", "-no-color", `-out=${planFile}`, ...targetFlags(targets)]);
    if (code === 0) return [];
    const plan = JSON.parse((await this.terraform(stack, [0], ["show", "-json", planFile])).stdout) as TerraformPlan;
    const resources = (plan.resource_changes ?? []).filter(({ change }) => !change.actions.every((action) => action === "no-op" || action === "read"));
    const outputs = Object.entries(plan.output_changes ?? {}).filter(([, { actions }]) => !actions.includes("no-op"));
    return [
      ...resources.map(({ address, change }) => `${address}: ${change.actions.join("+")} ${changedArguments(change)}`),
      ...outputs.map(([name, { actions }]) => `output ${name}: ${actions.join("+")}`),
    ];
  }

  /** Addresses of the stack's resources of some types. */
  addressesOf(stack: StackName, types: readonly string[]): readonly string[] {
    const { resource } = this.document(stack);
    return types.flatMap((type) => Object.keys(resource[type] ?? {}).map((name) => `${type}.${name}`));
  }

  /** `terraform output -json` after an apply of targets, with the outputs that rest on no resource: Terraform leaves those out then. */
  async outputsOfTargets(stack: StackName): Promise<string> {
    const written = Object.entries(this.document(stack).output).map(
      ([name, { value }]) => [name, JSON.stringify(value).replaceAll(callerReference, callerAccount)] as const,
    );
    const literal = written.flatMap(([name, text]) => (text.includes("${") ? [] : [[name, { sensitive: false, value: JSON.parse(text) as unknown }] as const]));
    const applied = JSON.parse((await this.terraform(stack, [0], ["output", "-json"])).stdout) as Readonly<Record<string, unknown>>;
    return JSON.stringify({ ...Object.fromEntries(literal), ...applied });
  }

  async initialize(stack: StackName): Promise<void> {
    await this.terraform(stack, [0], ["init", "-no-color"]);
  }

  async validate(stack: StackName): Promise<void> {
    await this.terraform(stack, [0], ["validate", "-no-color"]);
  }

  /** Primary first: the secondary reads its state. `targets`: with what they rest on, and nothing else. */
  async apply(stack: StackName, targets: readonly string[] = []): Promise<void> {
    await this.terraform(stack, [0], ["apply", "-auto-approve", "-no-color", "-parallelism=30", ...targetFlags(targets)]);
  }

  /** How many resources Terraform keeps; data sources are none. */
  async resourceCount(stack: StackName): Promise<number> {
    const { stdout } = await this.terraform(stack, [0], ["state", "list"]);
    return stdout.split("\n").filter((line) => line !== "" && !/(?:^|\.)data\./.test(line)).length;
  }

  /**
   * Secondary first, since it reads the primary's state; nothing changed it since, so the server is asked half as much. The primary
   * refreshes: its state may still know replicas and members of the secondary that are gone by now.
   */
  async destroy(stack: StackName): Promise<void> {
    const refresh = stack === "primary" ? [] : ["-refresh=false"];
    await this.terraform(stack, [0], ["destroy", "-auto-approve", "-no-color", ...refresh, "-parallelism=30"]);
  }

  async terraform(stack: StackName, codes: readonly number[], args: readonly string[]): Promise<Ran> {
    return runExpecting(codes, "terraform", [`-chdir=${this.stackFolder(stack)}`, ...args], { cwd: this.folder, environment: this.environment });
  }

  /** Our own command, as installed: `bin/optimizer.js`. */
  async optimizer(args: readonly string[], input?: string): Promise<Ran> {
    const { program, given } = this.optimizerCommand(args);
    return runCommand(program, given, { cwd: this.folder, environment: this.environment, ...(input === undefined ? {} : { input }) });
  }

  optimizerCommand(args: readonly string[]): {
    readonly program: string;
    readonly given: readonly string[];
    readonly options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv };
  } {
    const given = [join(root, "bin", "optimizer.js"), ...args, "--state", this.stateFolder];
    return { program: process.execPath, given, options: { cwd: this.folder, env: definedOnly(this.environment) } };
  }

  stackFolder(stack: StackName): string {
    return join(this.outFolder, "stacks", stack);
  }

  private document(stack: StackName): StackDocument {
    return JSON.parse(readFileSync(join(this.stackFolder(stack), "cdk.tf.json"), "utf8")) as StackDocument;
  }

  private providerOverride(stack: StackName): string {
    const aws = this.document(stack).provider.aws.map(({ alias }) => ({ ...(alias === undefined ? {} : { alias }), s3_use_path_style: true }));
    return `${JSON.stringify({ provider: { aws } }, undefined, 2)}\n`;
  }
}

interface StackDocument {
  readonly provider: { readonly aws: readonly { readonly alias?: string }[] };
  readonly resource: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly output: Readonly<Record<string, { readonly value: unknown }>>;
}

/** The server has one account. */
const callerReference = "${data.aws_caller_identity.caller.account_id}";
const callerAccount = "123456789012";

function targetFlags(targets: readonly string[]): readonly string[] {
  return targets.map((address) => `-target=${address}`);
}

interface TerraformChange {
  readonly actions: readonly string[];
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

interface TerraformPlan {
  readonly resource_changes?: readonly { readonly address: string; readonly change: TerraformChange }[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
}

function changedArguments({ before, after }: TerraformChange): string {
  const names = Object.keys({ ...before, ...after }).filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]));
  return names.map((name) => `${name}: ${JSON.stringify(before?.[name])} → ${JSON.stringify(after?.[name])}`).join(", ");
}
