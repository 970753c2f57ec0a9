import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ChangeKind } from "../../optimizer/core/levers/change-kinds.ts";
import { playCrashes } from "./crash-everywhere.ts";
import { everyKindRuns, everyKindWorld, kindsGone } from "./every-kind-world.ts";
import { play, type Played } from "./play.ts";
import { makeTimersQuick } from "./quick-timers.ts";
import type { SmallWorld } from "./small-account.ts";

const both = ["there", "back"] as const;
/** A kind of change that is missing here does not compile; one that no run goes fails below. */
const ways: { readonly [K in ChangeKind]: readonly ("there" | "back")[] } = {
  "ec2.launch-template-version": both,
  "asg.launch-template": both,
  "asg.instance-refresh": both,
  // Nothing is stopped on the way there.
  "asg.refresh-stop": ["back"],
  "asg.size": both,
  "dynamodb.index-read-cap": both,
  "dynamodb.index": both,
  // It goes with its index, and has to be turned on again for the new one alone.
  "dynamodb.contributor-insights": ["back"],
  "dynamodb.stream": both,
  "dynamodb.billing-mode": both,
  "dynamodb.scaling-suspension": both,
  "s3.lifecycle": both,
  "redis.shards": both,
  "redis.replicas": both,
  "redis.node-type": both,
  "ecs.task-definition": both,
  "ecs.deployment": both,
  "ecs.scaling-bounds": both,
  "ecs.desired-count": both,
  "lambda.configuration": both,
  "lambda.concurrency": both,
  "rds.instance-class": both,
  "rds.failover": both,
  "rds.member": both,
  "rds.serverless-capacity": both,
  "rds.backup-retention": both,
  "rds.standalone-class": both,
  "rds.instance-backup-retention": both,
};

const outcomes: { readonly [N in keyof typeof everyKindRuns]: string } = {
  "all of it is kept": "adoptable",
  "all of it is asked back as the last change settles": "rolled-back",
  "asked back while instances are replaced": "rolled-back",
};

let small: SmallWorld;
const timersBack = makeTimersQuick();
beforeAll(async () => {
  small = await everyKindWorld();
});
afterAll(timersBack);

describe("runs of an account in which every kind of change has something to change", () => {
  it("go each kind there and back, keep every promise, and change nothing when resumed once more", async () => {
    const gone: { readonly there: Set<ChangeKind>; readonly back: Set<ChangeKind> } = { there: new Set(), back: new Set() };
    const played: Record<string, Pick<Played, "outcome" | "violations">> = {};
    for (const [name, troubles] of Object.entries(everyKindRuns)) {
      const { outcome, violations, world } = await play(small, { seed: 0, mode: "foreground", troubles });
      played[name] = { outcome, violations };
      for (const way of both) for (const kind of kindsGone(world, way)) gone[way].add(kind);
    }
    expect(played).toEqual(Object.fromEntries(Object.entries(outcomes).map(([name, outcome]) => [name, { outcome, violations: [] }])));
    for (const way of both) {
      const expected = Object.entries(ways).flatMap(([kind, gones]) => (gones.includes(way) ? [kind] : []));
      expect([...gone[way]].toSorted(), way).toEqual(expected.toSorted());
    }
  });

  it("come to the same end when they are killed at a spread of their moments", async () => {
    const { broken, tried } = await playCrashes({ small, runs: everyKindRuns, mostMoments: 4 }, 0, 1);
    expect(broken).toEqual([]);
    expect(tried).toBe(12);
  });
});
