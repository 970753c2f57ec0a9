import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Plan } from "../../../optimizer/core/model/plan.ts";
import { deployedState, writeSynthesis } from "../../support/deployed-state.ts";
import { type Ended, optimizerProcess, twoAtATime } from "../../support/optimizer-process.ts";

const terraformSchema = z.record(z.string(), z.object({ sensitive: z.boolean(), value: z.unknown() }));
const tablesSchema = z.record(z.string(), z.object({ name: z.string(), arn: z.string() }));
type Terraform = z.infer<typeof terraformSchema>;

/** The public outputs by name, as cdktf writes them. */
function valuesOf(stack: Terraform): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(stack).flatMap(([name, { sensitive, value }]) => (sensitive ? [] : [[name, value]])));
}

function pascal(name: string): string {
  return name.replace(/(?:^|[-_])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** CloudFormation has text alone: lists by comma, tables one by one. */
function textsOf(stack: Terraform): Readonly<Record<string, string>> {
  const entries = Object.entries(valuesOf(stack)).flatMap(([name, value]): readonly (readonly [string, string])[] => {
    if (typeof value === "string") return [[pascal(name), value]];
    if (Array.isArray(value)) return [[pascal(name), value.join(",")]];
    if (name !== "dynamodb_tables") return [];
    return Object.entries(tablesSchema.parse(value)).map(([table, { arn }]) => [`${pascal(table)}TableArn`, arn]);
  });
  return Object.fromEntries(entries);
}

function kebabOf(stack: Terraform): Readonly<Record<string, string>> {
  const kebab = (name: string): string => name.replace(/(?!^)([A-Z])/g, "-$1").toLowerCase();
  return Object.fromEntries(Object.entries(textsOf(stack)).map(([name, value]) => [`tap-prod-${kebab(name)}`, value]));
}

function listOf(stack: Terraform): readonly object[] {
  return Object.entries(textsOf(stack)).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
}

const text = (...documents: readonly unknown[]): string => documents.map((document) => JSON.stringify(document, null, 2)).join("\n");

/** Every shape of __tests__/fixtures/outputs, made from what was really deployed. */
const shapes: Readonly<Record<string, (primary: Terraform, secondary: Terraform) => string>> = {
  "terraform output -json, twice": (primary, secondary) => text(primary, secondary),
  "terraform output -json, in the other order": (primary, secondary) => text(secondary, primary),
  "cdktf --outputs-file": (primary, secondary) => text({ primary: valuesOf(primary), secondary: valuesOf(secondary) }),
  "cdktf, nested by construct": (primary, secondary) => text({ primary: { outputs: valuesOf(primary) }, secondary: { outputs: valuesOf(secondary) } }),
  "CloudFormation, flat": (primary, secondary) => text(textsOf(primary), textsOf(secondary)),
  "CloudFormation, a list": (primary, secondary) => text(listOf(primary), listOf(secondary)),
  "CloudFormation, lists by stack": (primary, secondary) => text({ primary: listOf(primary), secondary: listOf(secondary) }),
  "kebab exports": (primary, secondary) => text(kebabOf(primary), kebabOf(secondary)),
  "the exports output alone": (primary, secondary) => text({ exports: primary["exports"] }, { exports: secondary["exports"] }),
};

let folder = "";
const results = new Map<string, Ended>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "optimizer-piping-"));
  const state = join(folder, "state");
  await deployedState(state, await writeSynthesis(join(folder, "cdktf.out")));
  const stack = async (name: string): Promise<Terraform> =>
    terraformSchema.parse(JSON.parse(await readFile(join(state, "simulation", "outputs", `${name}.json`), "utf8")));
  const [primary, secondary] = [await stack("primary"), await stack("secondary")];
  const names = Object.keys(shapes);
  const ended = await twoAtATime(names, (name) =>
    optimizerProcess(["plan", "--json", "--aws", "simulated", "--state", state, "--out", `${names.indexOf(name)}.json`], {
      cwd: folder,
      input: shapes[name]?.(primary, secondary) ?? "",
    }),
  );
  names.forEach((name, index) => {
    const result = ended[index];
    if (result !== undefined) results.set(name, result);
  });
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

function planOf(name: string): Plan {
  const result = results.get(name);
  expect(result).toMatchObject({ code: 0 });
  return JSON.parse(result?.out ?? "");
}

function isOfResource({ resource }: Plan["decisions"][number]): boolean {
  return resource.kind !== "region";
}

describe("outputs from a pipe", () => {
  it.each(Object.keys(shapes))("%s: JSON alone on standard output, and the same decisions as from every other shape", (name) => {
    const plan = planOf(name);
    const reference = planOf("terraform output -json, twice");
    expect(plan.decisions.length).toBeGreaterThan(5);
    expect(plan.decisions.filter(isOfResource)).toEqual(reference.decisions.filter(isOfResource));
    // Which region is the secondary one, the map of components alone says, which CloudFormation's texts do not have.
    const ofRegion = plan.decisions.filter((decision) => !isOfResource(decision)).map(({ resource }) => resource.id);
    expect(ofRegion).toEqual(/^(?:terraform|cdktf)/.test(name) ? ["us-west-2"] : []);
    expect(plan.phases).toEqual(reference.phases);
    expect(plan.savings).toEqual(reference.savings);
  });

  it("finds proposals in both regions at all", () => {
    const proposals = planOf("kebab exports").decisions.filter(({ kind }) => kind === "proposal");
    expect(new Set(proposals.map(({ resource }) => resource.region))).toEqual(new Set(["us-east-1", "us-west-2"]));
  });
});
