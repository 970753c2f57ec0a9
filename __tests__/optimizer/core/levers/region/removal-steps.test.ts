import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { removalAdvice } from "../../../../../optimizer/core/levers/region/removal-advice.ts";
import { regionStudies } from "../../../../../optimizer/core/levers/region/study.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { aBucket } from "../../../../support/buckets.ts";
import { aService, scaled } from "../../../../support/container-services.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aRegion, idleStandby, standby } from "../../../../support/secondary-region.ts";
import { aRedisGroup, primary, secondary, type World } from "../../../../support/world.ts";

const { advised } = decisionsOf(ruleOf("region.remove-secondary"));
const subject = { rule: "region.remove-secondary", resource: aRegion().ref } as const;
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

  it("delete each instance of the cluster and wait for it, once the cluster has left its global database", () => {
    const commandsOf = (name: string) => steps().flatMap((step) => (step.name === name ? step.commands : []));
    for (const instance of ["west-1", "west-2"])
      expect(commandsOf(`instance ${instance}`)).toEqual([
        `aws rds delete-db-instance --region us-west-2 --db-instance-identifier ${instance}`,
        `aws rds wait db-instance-deleted --region us-west-2 --db-instance-identifier ${instance}`,
      ]);
    expect(commandsOf("global database of west").map((command) => command.replace(/ --.*/s, ""))).toEqual([
      "aws rds remove-from-global-cluster",
      expect.stringContaining("aws rds describe-global-clusters"),
      "aws rds wait db-cluster-available",
    ]);
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

describe("what is left to find out", () => {
  const asked = (world = idleStandby()) => advised(world).toFindOut;

  it("is what no figure tells: names, networks, callers, the bill of the baseline's days", () => {
    expect(asked().map(({ command }) => command.split(" --")[0])).toEqual([
      "aws route53 list-resource-record-sets",
      "aws ec2 describe-vpc-peering-connections",
      "aws cloudtrail lookup-events",
      "aws ce get-cost-and-usage",
      "aws dynamodb describe-kinesis-streaming-destination",
      "aws dynamodb describe-kinesis-streaming-destination",
      "aws dynamodb describe-table",
    ]);
    expect(asked()[3]?.command).toContain(`--time-period Start=2026-04-06,End=2026-04-20 `);
    expect(asked()[3]?.command).toContain(`{"Key":"REGION","Values":["us-west-2"]}`);
    for (const { question } of asked()) expect(question).toContain("?");
  });

  it("is of each table whether a Kinesis stream follows it, and of one that has replicas alone whether it is strongly consistent, where it stays", () => {
    const named = (words: string) => asked().flatMap(({ question, command }) => (question.includes(words) ? [command] : []));
    expect(named("Kinesis")).toEqual(
      ["tenants", "audit-logs"].map((table) => `aws dynamodb describe-kinesis-streaming-destination --region us-west-2 --table-name ${table}`),
    );
    expect(named("strongly consistent")).toEqual(["aws dynamodb describe-table --region us-east-1 --table-name tenants --query Table.MultiRegionConsistency"]);
  });

  it("is of a bucket who needs its objects", () => {
    const data = aBucket({ ref: { kind: "s3-bucket", region: secondary, id: "data" }, requestMetrics: { kind: "seen", value: null } });
    expect(asked(idleStandby({ lambda: data })).at(-1)).toEqual({
      question: "Who needs an object of bucket data? CloudWatch counts requests only where somebody turned that on.",
      command: "aws s3 ls s3://data --region us-west-2 --recursive --summarize --human-readable",
    });
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

  it("counts each node of a cache and each instance of a cluster", () => {
    const usd = (standing: Parameters<typeof idleStandby>[0]) => {
      const { savesAtMost } = removalAdvice(regionStudies.study(idleStandby(standing).facts([]), aRegion())("careful"), [], subject);
      return savesAtMost.kind === "partly" ? savesAtMost.usd : Number.NaN;
    };
    const cache = aRedisGroup({ region: secondary, shards: 2, nodes: 3 });
    expect(usd({ cache }) - usd({})).toBeCloseTo((6 - 1) * 1.642 * 730, 6);
    const [first, second] = standby.cluster.members;
    if (first === undefined || second === undefined) throw new Error("a cluster has members");
    const third = { ...second, identifier: "west-3" };
    expect(usd({ cluster: { ...standby.cluster, members: [first, second, third] } }) - usd({})).toBeCloseTo(2.076 * 730, 6);
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
