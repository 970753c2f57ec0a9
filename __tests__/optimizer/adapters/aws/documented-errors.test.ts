import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeErrorOf } from "../../../../optimizer/adapters/aws/aws-errors.ts";
import { changeAdapters } from "../../../../optimizer/adapters/aws/change-adapters.ts";
import { ChangeOutcomeUnknown, ChangeRejected } from "../../../../optimizer/errors.ts";
import { awsRefusals } from "../../../support/refusals/aws-refusals.ts";
import { untriedErrors } from "../../../support/refusals/untried.ts";

/** Clients of the SDK are made from AWS's own models: each command's declaration names the errors that AWS documents of it. */
const sdk = join(import.meta.dirname, "../../../../node_modules/@aws-sdk");
const clients = readdirSync(sdk).filter((name) => name.startsWith("client-"));

interface Documented {
  readonly name: string;
  readonly fault: "client" | "server";
}

function documentedOf(call: string): readonly Documented[] {
  return clients
    .map((client) => join(sdk, client, "dist-types", "commands", `${call}Command.d.ts`))
    .filter((path) => existsSync(path))
    .flatMap((path) => [...readFileSync(path, "utf8").matchAll(/@throws \{@link (\w+)\} \((client|server) fault\)/g)])
    .map(([, name = "", fault]) => ({ name, fault: fault === "server" ? "server" : "client" }));
}

const calls = [...new Set(Object.values(changeAdapters).flatMap(({ permissions }) => permissions.calls))];
const documented = new Map(calls.flatMap((call) => documentedOf(call).map((each) => [each.name, each] as const)));
const tried = new Set(awsRefusals.map(({ error }) => error));
const untried = untriedErrors.flatMap(({ errors }) => errors);

describe("the errors that AWS documents of the actions that a change takes", () => {
  it("are answered by the simulated account, or stand in untried.ts with why they are not", () => {
    expect(documented.size).toBeGreaterThan(60);
    const missing = [...documented.keys()].filter((name) => !tried.has(name) && !untried.includes(name));
    expect(missing, "try each in __tests__/support/refusals/, or say in untried.ts why the simulated account never answers so").toEqual([]);
  });

  it("stand there once, and only as long as the simulated account does not answer them", () => {
    expect(untried.filter((name, at) => tried.has(name) || untried.indexOf(name) !== at || !documented.has(name))).toEqual([]);
    for (const { why, errors } of untriedErrors) expect(why, String(errors)).toMatch(/\S{2,} \S+/);
  });

  it.each(untriedErrors.flatMap(({ errors, met }) => errors.map((name) => ({ name, met }))))("$name is met as $met", ({ name, met }) => {
    const fault = documented.get(name)?.fault ?? "client";
    const thrown = Object.assign(new Error(name), { name, $fault: fault, $metadata: { httpStatusCode: fault === "server" ? 500 : 400 } });
    const error = writeErrorOf(thrown, "call");
    if (met === "unknown") expect(error).toBeInstanceOf(ChangeOutcomeUnknown);
    else expect(error instanceof ChangeRejected ? error.kind : error).toBe(met);
  });
});
