import { beforeAll, describe, expect, it } from "vitest";
import { writeErrorOf } from "../../../../optimizer/adapters/aws/aws-errors.ts";
import { changeAdapters } from "../../../../optimizer/adapters/aws/change-adapters.ts";
import { createChangeWriter } from "../../../../optimizer/adapters/aws/change-writer.ts";
import type { Change } from "../../../../optimizer/core/levers/change-kinds.ts";
import { ChangeRejected, CredentialsLost } from "../../../../optimizer/errors.ts";
import { openAccount } from "../../../../simulation/account/account.ts";
import { createMemoryAccountStore, type LogEntry } from "../../../../simulation/account/store.ts";
import { awsRefusals } from "../../../support/refusals/aws-refusals.ts";
import type { Asked, Met, Opened, Refusal } from "../../../support/refusals/refusal.ts";
import { accountScenario, clientsOf } from "../../../support/simulated-clients.ts";
import { clientFactoryOf } from "../../../support/simulated-run.ts";
import { fixtureStacks } from "../../../support/terraform-fixture.ts";

interface World extends Opened {
  /** What has changed the account so far. */
  readonly changes: () => readonly LogEntry[];
  /** Commands that reached the account, in order. */
  readonly asked: readonly string[];
}

async function worldOf({ scenario = {}, stacks = fixtureStacks(), given }: Refusal): Promise<World> {
  const store = createMemoryAccountStore();
  const asked: string[] = [];
  const account = openAccount(accountScenario(scenario), store, { observer: { onCall: (_region, _service, command) => void asked.push(command) } });
  account.deploy(stacks);
  const changes = () => store.entries().filter(({ kind }) => kind === "call");
  const world = { account, clients: clientsOf(account), factory: clientFactoryOf(account), changes, asked };
  await given?.(world);
  asked.length = 0;
  return world;
}

async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return undefined;
}

async function madeOf(change: Change | ((opened: Opened) => Change | Promise<Change>), world: World): Promise<Change> {
  return typeof change === "function" ? change(world) : change;
}

/** AWS's own error, and what TAP makes of it. */
async function refusedBy(asked: Asked, call: string, world: World): Promise<{ readonly told: unknown; readonly met: unknown }> {
  if ("send" in asked) {
    const told = await thrownBy(() => asked.send(world));
    return { told, met: writeErrorOf(told, call) };
  }
  const change = await madeOf(asked.change, world);
  const met = await thrownBy(() => createChangeWriter(world.factory).apply(change, "token"));
  return { told: met instanceof Error ? met.cause : undefined, met };
}

function meaningOf(met: unknown): Met | undefined {
  if (met instanceof CredentialsLost) return "credentials";
  return met instanceof ChangeRejected ? met.kind : undefined;
}

function nameOf({ call, error, when }: Refusal): string {
  return `${call} → ${error}: ${when}`;
}

describe.each(awsRefusals.map((row) => ({ row, name: nameOf(row) })))("$name", ({ row }) => {
  let world: World;
  let before: number;
  let refused: Awaited<ReturnType<typeof refusedBy>>;
  beforeAll(async () => {
    world = await worldOf(row);
    before = world.changes().length;
    refused = await refusedBy(row.asked, row.call, world);
  });

  it("is answered in AWS's words, and nothing was changed", () => {
    expect(refused.told).toMatchObject({ name: row.error, $metadata: { httpStatusCode: row.status } });
    expect(world.asked.at(-1)).toBe(row.call);
    expect(world.changes()).toHaveLength(before);
  });

  it("is told as what helps, with the name that AWS gave it", () => {
    expect(meaningOf(refused.met)).toBe(row.met);
    expect(String(refused.met)).toContain(row.error);
    if (refused.met instanceof CredentialsLost) expect(refused.met.hint).not.toBe("");
  });
});

const readFirst = awsRefusals.flatMap((row) => ("instead" in row.asked ? [{ row, asked: row.asked, name: nameOf(row) }] : []));

describe.each(readFirst)("$name", ({ row, asked }) => {
  it("is never met by a change of ours, which reads before it writes", async () => {
    const world = await worldOf(row);
    const change = await madeOf(asked.instead, world);
    const before = world.asked.length;
    const thrown = await thrownBy(() => createChangeWriter(world.factory).apply(change, "token"));
    if (asked.reads === "nothing to send") expect(thrown).toBeUndefined();
    else expect(thrown).toMatchObject({ name: "ChangeRejected", kind: asked.reads.kind, awsName: asked.reads.name });
    const sent = world.asked.slice(before);
    expect(sent).not.toEqual([]);
    expect(sent).not.toContain(row.call);
  });
});

describe("AWS's refusals", () => {
  it("are at least sixty by the services themselves, besides what their front doors refuse", () => {
    const own = awsRefusals.filter(({ met }) => met !== "denied" && met !== "credentials");
    expect(new Set(own.map(({ call, error, when }) => `${call} ${error} ${when}`)).size).toBe(own.length);
    expect(own.length).toBeGreaterThanOrEqual(60);
  });

  it("are tried of every action that a change of ours takes", () => {
    const calls = new Set(Object.values(changeAdapters).flatMap(({ permissions }) => permissions.calls));
    expect(new Set(awsRefusals.map(({ call }) => call))).toEqual(calls);
  });

  it("each name AWS's page", () => {
    for (const { source, when } of awsRefusals) expect(source, when).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/\S+\.html$/);
  });
});
