import { execFile, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { monotonicMs } from "../../../optimizer/adapters/clock/monotonic.ts";
import { openFileAccountStore } from "../../../optimizer/adapters/simulated/file-account-store.ts";
import { openAccount } from "../../../simulation/account/account.ts";
import { hashOf } from "../../../optimizer/core/model/hash.ts";
import { accountScenario, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const scenario = accountScenario();
const hash = hashOf(scenario);
const script = join(import.meta.dirname, "../../support/drive-account.ts");
let folder = "";
let file = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "account-"));
  file = join(folder, "simulation", "account.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const advance = (atMs: number) => ({ kind: "advance" as const, atMs });

describe("file account store", () => {
  it("gives what was appended to whoever opens it, readable by the owner only", () => {
    const store = openFileAccountStore(file, hash, monotonicMs);
    store.exclusively(() => store.append(advance(1), "durable"));
    const other = openFileAccountStore(file, hash, monotonicMs);
    store.exclusively(() => store.append(advance(2), "lazy"));
    expect(other.entries()).toEqual([advance(1), advance(2)]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("sees what another process wrote a millisecond later at the latest, and whenever it may write itself", () => {
    let nowMs = 0;
    const store = openFileAccountStore(file, hash, () => nowMs);
    expect(store.entries()).toEqual([]);
    const byAnother = (atMs: number) => appendFileSync(file, `${JSON.stringify(advance(atMs))}\n`);
    byAnother(1);
    nowMs = 1;
    expect(store.entries()).toEqual([advance(1)]);
    byAnother(2);
    expect(store.exclusively(() => store.entries())).toEqual([advance(1), advance(2)]);
    byAnother(3);
    store.exclusively(() => store.append(advance(4), "lazy"));
    expect(store.entries()).toEqual([advance(1), advance(2), advance(3), advance(4)]);
  });

  it("refuses the account of another scenario", () => {
    openFileAccountStore(file, hash, monotonicMs);
    const other = hashOf(accountScenario({ seed: 2 }));
    expect(() => openFileAccountStore(file, other, monotonicMs)).toThrowError(expect.objectContaining({ code: "scenario-differs" }));
  });

  it("cuts a last line that a crash tore, and nothing else", () => {
    const store = openFileAccountStore(file, hash, monotonicMs);
    store.exclusively(() => store.append(advance(1), "durable"));
    store.exclusively(() => store.append(advance(2), "durable"));
    truncateSync(file, statSync(file).size - 5);
    const reopened = openFileAccountStore(file, hash, monotonicMs);
    expect(reopened.entries()).toEqual([advance(1)]);
    reopened.exclusively(() => reopened.append(advance(3), "durable"));
    expect(openFileAccountStore(file, hash, monotonicMs).entries()).toEqual([advance(1), advance(3)]);
  });

  it("refuses a log that was changed from outside", () => {
    openFileAccountStore(file, hash, monotonicMs);
    appendFileSync(file, '{"kind":"wish"}\n');
    expect(() => openFileAccountStore(file, hash, monotonicMs).entries()).toThrowError(
      expect.objectContaining({ code: "account-log", message: expect.stringContaining("line 2") }),
    );
  });

  it.each([
    ["died with it", ["lock"]],
    ["died while another died taking it over", ["lock", "lock.breaking"]],
    ["died while two more died one after another", ["lock", "lock.breaking", "lock.breaking.breaking"]],
  ])("takes over the lock of a process that %s, and leaves none behind", async (_, locks) => {
    const dead = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => dead.once("exit", resolve));
    const store = openFileAccountStore(file, hash, monotonicMs);
    for (const lock of locks) symlinkSync(String(dead.pid), `${file}.${lock}`);
    expect(store.exclusively(() => "done")).toBe("done");
    expect(readdirSync(dirname(file))).toEqual([basename(file)]);
  });

  it("lets two processes change one account in turn, losing nothing", { timeout: 180_000 }, async () => {
    const account = deployedAccount(scenario, openFileAccountStore(file, hash, monotonicMs));
    const drive = () => promisify(execFile)(process.execPath, ["--import", "tsx", script, file, "25", "1"], { env: { ...process.env, NODE_NO_WARNINGS: "1" } });
    const applied = (await Promise.all([drive(), drive()])).map(({ stdout }) => Number(stdout));
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const calls = lines.map((line) => JSON.parse(line)).filter((entry) => entry.kind === "call");
    expect(calls).toHaveLength(applied[0]! + applied[1]!);
    expect(calls.length).toBeGreaterThan(25);
    const reopened = openAccount(scenario, openFileAccountStore(file, hash, monotonicMs));
    const table = async (opened: typeof account) => (await clientsOf(opened).dynamoDb.send(new DescribeTableCommand({ TableName: names.table }))).Table;
    expect(await table(reopened)).toEqual(await table(account));
    expect(reopened.nowMs()).toBe(account.nowMs());
  });
});
