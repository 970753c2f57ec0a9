import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { aService, scaled } from "../../../../support/container-services.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { idleStandby, standby } from "../../../../support/secondary-region.ts";
import { primary, secondary, type World } from "../../../../support/world.ts";

const { advised } = decisionsOf(ruleOf("region.remove-secondary"));
const steps = (world = idleStandby()) => advised(world).byHand ?? [];

describe("the steps of a person", () => {
  it("come in the one order that leaves each of the others possible", () => {
    expect(steps().map(({ name }) => name)).toEqual([
      "protection of secondary",
      "instances of web",
      "calls of archive",
      "global database of west",
      "instance west-1",
      "instance west-2",
      "cluster west",
      "replica of tenants",
      "backup of audit-logs",
      "stack secondary",
    ]);
    expect(new Set(steps().map(({ name }) => name)).size).toBe(steps().length);
  });

  it("say of each how it is taken back, or what of it does not come back", () => {
    expect(
      steps()
        .map(({ name, back }) => `${name}: ${back.kind}`)
        .filter((said) => said.endsWith("comes-back")),
    ).toEqual(["protection of secondary: comes-back", "instances of web: comes-back", "calls of archive: comes-back", "backup of audit-logs: comes-back"]);
    for (const { back } of steps()) expect((back.kind === "lost" ? back.what : back.how).length).toBeGreaterThan(20);
  });

  it("name the region, and the primary's only where AWS wants a replica deleted from there", () => {
    const lines = steps().flatMap(({ commands }) => commands.filter((command) => command.includes("aws ")));
    expect(lines.filter((line) => line.includes(`--region ${primary}`))).toEqual([
      `aws dynamodb update-table --region ${primary} --table-name tenants --replica-updates '[{"Delete":{"RegionName":"${secondary}"}}]'`,
    ]);
    expect(lines.filter((line) => !line.includes("--region"))).toEqual([]);
  });

  it("take the protection off the secondary's stack alone: the primary's is never applied with another lifetime", () => {
    const applied = steps().filter(({ commands }) => commands.some((command) => command.includes("stacks/primary apply")));
    expect(applied.map(({ name, commands }) => [name, commands[0]])).toEqual([["stack secondary", "npm run synth"]]);
    expect(steps()[0]?.commands).toEqual(["TAP_LIFETIME=recoverable npm run synth", "terraform -chdir=cdktf.out/stacks/secondary apply"]);
  });

  it("leave a final snapshot of the cluster, and never touch what is not in the region", () => {
    const [deletion] = steps().flatMap(({ commands }) => commands.filter((command) => command.startsWith("aws rds delete-db-cluster")));
    expect(deletion).toBe(
      "aws rds delete-db-cluster --region us-west-2 --db-cluster-identifier west --no-skip-final-snapshot --final-db-snapshot-identifier west-final",
    );
  });

  it("name the sizing file that the region is written into, by its environment where the outputs tell that", () => {
    const last = (world: World) => steps(world).at(-1)?.what;
    expect(last(idleStandby())).toContain("into sizing/prod/secondary.json");
    expect(last(idleStandby({}, { environmentSuffix: undefined } as never))).toContain("into sizing/<suffix>/secondary.json");
  });

  it("put back what was there: sizes, bounds, a reservation", () => {
    const how = (name: string, world: World) =>
      steps(world).flatMap((step) => (step.name === name && step.back.kind === "comes-back" ? [step.back.how] : []))[0];
    expect(how("instances of web", idleStandby())).toContain("--min-size 10 --max-size 25 --desired-capacity 15");
    const service = aService({ region: secondary, name: "web", scaling: scaled() });
    const tasks = how("tasks of main/web", idleStandby({ group: service }, { components: {} }));
    expect(tasks).toMatch(/--min-capacity 8 --max-capacity 24 && aws ecs update-service .*--desired-count 8$/);
    const reserved = { ...standby.lambda, reservedConcurrency: { kind: "seen", value: 5 } as const };
    expect(how("calls of archive", idleStandby({ lambda: reserved }))).toContain("--reserved-concurrent-executions 5");
  });

  it("ask Application Auto Scaling for nothing where it knows nothing of a service", () => {
    const service = aService({ region: secondary, name: "web" });
    const tasks = steps(idleStandby({ group: service }, { components: {} })).find(({ name }) => name === "tasks of main/web");
    expect(tasks?.commands.map((command) => command.split(" --")[0])).toEqual(["aws ecs update-service", "aws ecs wait services-stable"]);
    expect(tasks?.back).toMatchObject({ how: expect.stringMatching(/^aws ecs update-service .*--desired-count 8$/) });
  });

  it("keep schedules from bringing clients back, and only schedules that were followed", () => {
    const scheduled = { ...standby.group.habits, scheduledActions: ["morning"] };
    const group = (habits: typeof scheduled) => steps(idleStandby({ group: { ...standby.group, habits } })).find(({ name }) => name === "instances of web");
    const followed = group(scheduled);
    expect(followed?.commands[0]).toMatch(/^aws autoscaling suspend-processes .* --scaling-processes ScheduledActions$/);
    expect(followed?.back).toMatchObject({ how: expect.stringMatching(/ && aws autoscaling resume-processes .* --scaling-processes ScheduledActions$/) });
    expect(JSON.stringify(group({ ...scheduled, suspendedProcesses: ["ScheduledActions"] }))).not.toMatch(/suspend-processes|resume-processes/);
    const service = aService({ region: secondary, name: "web", scaling: scaled({ scheduledActions: ["morning"] }) });
    const tasks = steps(idleStandby({ group: service }, { components: {} })).find(({ name }) => name === "tasks of main/web");
    expect(tasks?.commands[0]).toMatch(/--max-capacity 0 --suspended-state ScheduledScalingSuspended=true$/);
    expect(tasks?.back).toMatchObject({ how: expect.stringContaining("ScheduledScalingSuspended=false && ") });
  });

  it("are all words of a shell, whatever things are called", () => {
    const hostile = `west'; rm -rf ~ #`;
    const table = { ...standby.table, ref: { ...standby.table.ref, id: hostile } };
    const lines = steps(idleStandby({ table: table }).sees(metrics.dynamoWrites, hostile, 0, secondary)).flatMap(({ commands }) => commands);
    const named = lines.filter((one) => one.includes("rm -rf"));
    expect(named.length).toBeGreaterThan(0);
    expect(spawnSync("sh", ["-n"], { input: lines.join("\n"), encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    for (const line of named) expect(line).toContain(String.raw`'west'\''; rm -rf ~ #`);
  });
});

describe("what it would save at most", () => {
  it("is the list price of what is paid by the hour or by what it holds, and names the rest", () => {
    const { savesAtMost } = advised(idleStandby());
    // 15 × m5.4xlarge, 2 × db.r6g.4xlarge, 1 × cache.r6g.4xlarge; tables by their bytes.
    const hourly = 15 * 0.768 + 2 * 2.076 + 1.642;
    expect(savesAtMost).toMatchObject({ kind: "partly", unknown: [{ what: expect.stringContaining("replicated writes and transfer of us-west-2") }] });
    expect(savesAtMost.kind === "partly" ? savesAtMost.usd : 0).toBeGreaterThanOrEqual(hourly * 730);
    expect(savesAtMost.kind === "partly" ? savesAtMost.usd : 0).toBeLessThan(hourly * 730 + 100);
  });

  it("names each price that is not known", () => {
    const { savesAtMost } = advised(idleStandby().priced({ ec2Hourly: () => null, redisHourly: () => null }));
    expect(JSON.stringify(savesAtMost)).toContain("m5.4xlarge in us-west-2");
    expect(JSON.stringify(savesAtMost)).toContain("cache.r6g.4xlarge in us-west-2");
  });

  it("names the price of instances that AWS bills as another platform as one that is not known", () => {
    const group = { ...standby.group, billed: { platforms: ["Windows"], capacityReservations: [] } };
    expect(JSON.stringify(advised(idleStandby({ group })).savesAtMost)).toContain("m5.4xlarge in us-west-2");
    expect(JSON.stringify(advised(idleStandby()).savesAtMost)).not.toContain("m5.4xlarge in us-west-2");
  });
});
