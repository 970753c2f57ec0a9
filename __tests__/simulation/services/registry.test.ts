import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { describe, expect, it } from "vitest";
import { services } from "../../../simulation/services.ts";

const root = join(import.meta.dirname, "../../../simulation/services");
const folders = readdirSync(root);

/** What stands twice. */
function repeated(names: readonly string[]): readonly string[] {
  return names.filter((name, at) => names.indexOf(name) !== at);
}

describe("the registry of simulated services", () => {
  it("has one object for each folder, of its name", () => {
    expect(services.map(({ name }) => name).toSorted()).toEqual(folders.toSorted());
  });

  it.each([
    ["Terraform type", services.flatMap(({ resources = {} }) => Object.keys(resources))],
    ["data source", services.flatMap(({ data = {} }) => Object.keys(data))],
    ["SDK client", services.flatMap(({ api }) => api?.client ?? [])],
    ["field of a scenario's regions", services.flatMap(({ demands = [] }) => demands.map(({ field }) => field))],
    ["kind of commitment", services.flatMap(({ usage }) => usage?.instances?.commitment ?? [])],
  ])("gives every %s to one service: what a service models, inert no longer keeps", (_what, names) => {
    expect(names.length).toBeGreaterThan(0);
    expect(repeated(names)).toEqual([]);
  });

  it("has what no other models stand last", () => {
    expect(services.at(-1)?.name).toBe("inert");
  });
});

/** The texts of `rds.test.ts`, `rds-members.test.ts` and of all in `rds/`. */
function ownTests(folder: string): string {
  return readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
    .filter((file) => [".", "-", sep].some((end) => file.startsWith(`${folder}${end}`)) && file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(import.meta.dirname, file), "utf8"))
    .join("\n");
}

describe.each(folders)("the behaviour of %s", (folder) => {
  const text = readFileSync(join(root, folder, `${folder}.md`), "utf8");
  const code = readdirSync(join(root, folder))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(root, folder, file), "utf8"))
    .join("\n");
  const service = services.find(({ name }) => name === folder);

  it("is told beside it with AWS's documentation as source, and what is not modelled wherever it has an API", () => {
    expect(text).toContain("https://docs.aws.amazon.com/");
    expect(/^Not modelled: /m.test(text)).toBe(service?.api !== undefined);
  });

  it("names each command that changes something", () => {
    const changing = Object.entries(service?.api?.commands ?? {}).flatMap(([name, { kind }]) => (kind === "mutation" ? [name] : []));
    expect(changing.filter((name) => !text.includes(name))).toEqual([]);
  });

  it("is tried: each command that changes something is sent by a test of the service's own", () => {
    const changing = Object.entries(service?.api?.commands ?? {}).flatMap(([name, { kind }]) => (kind === "mutation" ? [name] : []));
    const untried = changing.filter((name) => !ownTests(folder).includes(`new ${name}Command(`));
    expect(untried, `send each of them in __tests__/simulation/services/${folder}.test.ts: what it changes and when, and what AWS refuses`).toEqual([]);
  });

  it("names the errors that the code throws", () => {
    const table = text.slice(text.indexOf("| refused with")).split("\n\n")[0] ?? "";
    const told = table.split("\n").flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([A-Za-z.]+)`/g)].map(([, name]) => name ?? ""));
    const thrown = [...code.matchAll(/new ([A-Z]\w+)\(\s*refusal\(|\.refuse\(\s*"([^"]+)"/g)].map(([, modelled, named]) => modelled ?? named ?? "");
    expect(new Set(text.includes("| refused with") ? told : [])).toEqual(new Set(thrown));
  });

  it("names every metric namespace that it publishes", () => {
    for (const namespace of Object.keys(service?.metrics ?? {})) expect(text).toContain(namespace);
    expect(Object.keys(service?.metrics ?? {}).length > 0).toBe(/^\*\*Metrics\*\*/m.test(text));
  });
});
