import { FailoverDBClusterCommand, RDSServiceException } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { CredentialsLost } from "../../../optimizer/errors.ts";
import { pageEvents } from "../../../optimizer/core/paging/page-event.ts";
import { drive, healthy, TestAccount } from "../../support/in-memory-ports.ts";
import { east, startMs, west } from "../../support/plan-builder.ts";
import { groupsOnly, records, slowWhenSmall } from "../../support/run-records.ts";
import { type ActionName, type Answer, clientFactoryOf, openSimulatedRun, type SimulatedRun } from "../../support/simulated-run.ts";
import { names } from "../../support/terraform-fixture.ts";

const failover = { atMs: startMs, source: names.instance(2), message: "Completed failover to DB instance: two." };

function breachOf(account: TestAccount): string {
  const [found] = records(account, "DECISION").flatMap(({ body }) => (body.kind === "breach" ? [body.verdict.detail] : []));
  return found ?? "no breach";
}

describe("a breach in which AWS tells of a failover", () => {
  it("goes back, and names it in what is recorded and paged", async () => {
    const account = new TestAccount(groupsOnly(), {
      traffic: slowWhenSmall(west),
      events: (region, ms) => (region === west ? [{ ...failover, atMs: ms }] : []),
    });
    await drive(account);
    expect(breachOf(account)).toMatch(/; AWS tells of \S+ at \d{4}-\d\d-\d\d \d\d:\d\d UTC: Completed failover to DB instance: two$/);
    expect(account.state().outcome).toBe("rolled-back");
    const paged = pageEvents(account.stored.plan, account.state(), account.nowMs).find(({ kind }) => kind === "breach");
    expect(paged?.reason).toContain("Completed failover to DB instance: two");
  });

  it("names the last five of many, and how many came before them", async () => {
    const account = new TestAccount(groupsOnly(), {
      traffic: slowWhenSmall(west),
      events: (_, ms) => Array.from({ length: 7 }, (_each, at) => ({ atMs: ms, source: `node-${at}`, message: "Cache node recovered." })),
    });
    await drive(account);
    expect(breachOf(account)).toMatch(/AWS tells of 2 earlier events, and node-2 at .*node-6 at [^;]*$/);
    expect(breachOf(account)).not.toContain("node-1");
  });

  it("and that is not ours is held with its name", async () => {
    const account = new TestAccount(groupsOnly(), {
      traffic: (_, ms) => (ms >= startMs + 2 * 60_000 ? { ...healthy, errors: 900 } : healthy),
      events: () => [failover],
    });
    await drive(account);
    expect(records(account, "HOLD")[0]?.body).toMatchObject({ cause: "not-ours", reason: expect.stringContaining("AWS tells of") });
  });

  it.each([
    new CredentialsLost({ message: "the session expired", hint: "sign in" }),
    new RDSServiceException({ name: "AccessDenied", $fault: "client", $metadata: {}, message: "no" }),
  ])("goes back where what AWS tells cannot be read, and says so: %s", async (error) => {
    const account = new TestAccount(groupsOnly(), {
      traffic: slowWhenSmall(west),
      events: () => {
        throw error;
      },
    });
    await drive(account);
    expect(breachOf(account)).toContain(`could not be read (${error.message})`);
    expect(account.state().outcome).toBe("rolled-back");
  });
});

/** With the simulated account's own events; what is breached is played. */
describe("what AWS tells of a breach on the simulated account", () => {
  async function breached(name: ActionName, hand: (run: SimulatedRun) => Promise<unknown>, answer?: Answer): Promise<string> {
    let cameMs: number | undefined;
    const run = await openSimulatedRun(name, {
      ...(answer === undefined ? {} : { answer }),
      script: { traffic: (_, ms) => (cameMs !== undefined && ms > cameMs ? { ...healthy, errors: 900 } : healthy) },
      async whenTimePassed(opened) {
        if (cameMs !== undefined || opened.test.state().phases[0]?.stages[0]?.status !== "observing") return;
        cameMs = opened.account.nowMs();
        await hand(opened);
      },
    });
    await run.drive();
    return breachOf(run.test);
  }

  it("is a failover of the region's cluster, of which the action changes nothing", async () => {
    const told = await breached("smaller function", ({ account }) =>
      clientFactoryOf(account)(east).rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: names.cluster })),
    );
    expect(told).toMatch(new RegExp(`AWS tells of ${names.instance(1)} at .*: DB instance shutdown`));
    expect(told).toContain("DB instance restarted");
  });

  it("leaves out what the run itself did before, and what befell others of the account", async () => {
    const stranger: Answer = (command, output) =>
      command === "DescribeEvents"
        ? { ...output, Events: [{ SourceIdentifier: "another-team", Message: "Multi-AZ instance failover started.", Date: new Date(8.64e15) }] }
        : output;
    for (const answer of [stranger, undefined]) {
      const told = await breached("smaller writer", () => Promise.resolve(), answer);
      expect(told).toContain("error");
      expect(told).not.toContain("AWS tells");
    }
  });
});
