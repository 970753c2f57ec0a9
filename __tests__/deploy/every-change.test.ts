import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Change, type ChangeKind, changeFacts, inverse } from "../../optimizer/core/levers/change-kinds.ts";
import { ChangeRejected } from "../../optimizer/errors.ts";
import { LocalAws } from "./local-aws.ts";
import { pythonMissing, pythonMissingInWords, python } from "./needed-parts.ts";
import { scratchFolder } from "./terraform-project.ts";
import { differingPaths, standsIn } from "./wire/differing-paths.ts";
import { wireTrials } from "./wire/every-change.ts";
import type { Prepared, Trial, TrialOf } from "./wire/trial.ts";
import { Wire } from "./wire/wire.ts";

const entries = Object.entries(wireTrials) as unknown as readonly [ChangeKind, TrialOf<Change>][];
const tried = entries.flatMap(([kind, trial]) => ("notOnLocalAws" in trial ? [] : [{ kind, trial }]));

describe.skipIf(pythonMissing)(`every kind of change, over the wire to a local AWS server${pythonMissingInWords}`, () => {
  const folder = pythonMissing ? "" : scratchFolder();
  let aws: LocalAws;
  let wire: Wire;
  const endpoint = process.env["AWS_ENDPOINT_URL"];

  beforeAll(async () => {
    aws = await LocalAws.start(python, join(folder, "local-aws.log"));
    process.env["AWS_ENDPOINT_URL"] = aws.url;
    wire = await Wire.open(aws);
  });

  afterAll(async () => {
    if (endpoint === undefined) delete process.env["AWS_ENDPOINT_URL"];
    else process.env["AWS_ENDPOINT_URL"] = endpoint;
    await aws.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(tried)("$kind goes there by one call of its own, and back to what AWS told before", async ({ trial }) => {
    const prepared = await trial.prepare(wire.account());
    const before = await prepared.describe();
    expect(await wire.stateOf(prepared.change)).toMatchObject({ kind: "settled" });

    await goes(wire, prepared, prepared.change, prepared.marks?.there);
    expectOnly(differingPaths(before, await prepared.describe()), prepared.sets);
    if (trial.noWayBack !== undefined) return;

    await prepared.beforeTheWayBack?.();
    await goes(wire, prepared, inverse(prepared.change), prepared.marks?.back);
    expectOnly(differingPaths(before, await prepared.describe()), Object.keys(prepared.otherAfterwards ?? {}));
  });

  it.each(tried)("$kind: what AWS refuses is told by AWS's name, and changes nothing", async ({ trial }) => {
    const { refusals } = await trial.prepare(wire.account());
    for (const index of refusals.keys()) await isRefused(wire, trial, index);
  });

  it("asks the server for nothing that it does not have", async () => {
    expect(await aws.unsupported()).toEqual([]);
  });
});

describe("kinds of change that are not tried on a local AWS server", () => {
  it("have a reason each", () => {
    for (const [kind, trial] of entries) if ("notOnLocalAws" in trial) expect(trial.notOnLocalAws, kind).toMatch(/\S{3,} \S+/);
  });
});

/** One call that changes AWS, of a kind that docs/iam-act.json allows, and then the state that was asked for. */
async function goes(wire: Wire, { takesTime }: Prepared<Change>, change: Change, marks = {}): Promise<void> {
  const calls = await wire.apply(change, marks);
  expect(calls).toHaveLength(1);
  expect(Wire.callsOf(change)).toEqual(expect.arrayContaining([...calls]));
  const { state, waited } = await wire.settled(change);
  expect(waited).toBe(takesTime);
  if (state.kind !== "settled") throw new Error(`${change.kind} is ${state.kind}: ${state.detail}`);
  expect(changeFacts(change).same(state.value, change.after), `${JSON.stringify(state.value)} is ${JSON.stringify(change.after)}`).toBe(true);
}

/** Every difference is one of the named, and every named one is there. */
function expectOnly(differing: readonly string[], named: readonly string[]): void {
  expect(differing.filter((path) => !named.some((one) => standsIn(path, one)))).toEqual([]);
  expect(named.filter((one) => !differing.some((path) => standsIn(path, one)))).toEqual([]);
}

/** Each refusal has a resource of its own, since what somebody else does meanwhile stays. */
async function isRefused(wire: Wire, trial: Trial<Change>, index: number): Promise<void> {
  const { describe: described, refusals } = await trial.prepare(wire.account());
  const refusal = refusals[index];
  if (refusal === undefined) throw new Error(`no refusal ${index}`);
  await refusal.meanwhile?.();
  const before = await described();
  const error: unknown = await wire.apply(refusal.change, refusal.marks).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error, refusal.because).toBeInstanceOf(ChangeRejected);
  const { kind, awsName } = error as ChangeRejected;
  expect({ kind, awsName }, refusal.because).toEqual({ kind: refusal.kind, awsName: refusal.name });
  expect(differingPaths(before, await described()), refusal.because).toEqual([]);
}
