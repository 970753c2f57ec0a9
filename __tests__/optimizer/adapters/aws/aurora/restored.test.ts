import { type DBInstance, DescribeDBClustersCommand, DescribeDBInstancesCommand, DescribeGlobalClustersCommand } from "@aws-sdk/client-rds";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { attachable } from "../../../../../optimizer/composition/attachable.ts";
import type { AuroraChange } from "../../../../../optimizer/core/levers/aurora/changes.ts";
import { type Change, inverse } from "../../../../../optimizer/core/levers/change-kinds.ts";
import { advanceMinutes, clientsOf, deployedAccount } from "../../../../support/simulated-clients.ts";
import { names } from "../../../../support/terraform-fixture.ts";

const region = "us-east-1";
const cluster = names.cluster;

/** One change of each kind; a kind that is not here does not compile. No rule resizes a member that writes, which would be a failover, too. */
const examples: { readonly [K in AuroraChange["kind"]]: fc.Arbitrary<Extract<AuroraChange, { readonly kind: K }>> } = {
  "rds.instance-class": fc.record({ place: fc.constantFrom(3), size: fc.constantFrom("large", "xlarge", "2xlarge", "8xlarge") }).map(({ place, size }) => ({
    kind: "rds.instance-class",
    region,
    cluster,
    instance: names.instance(place),
    before: { instanceClass: "db.r6g.4xlarge" },
    after: { instanceClass: `db.r6g.${size}` },
  })),
  "rds.failover": fc
    .constantFrom(2)
    .map((to) => ({ kind: "rds.failover", region, cluster, before: { writer: names.instance(1) }, after: { writer: names.instance(to) } })),
  "rds.backup-retention": fc
    .integer({ min: 1, max: 35 })
    .map((days) => ({ kind: "rds.backup-retention", region, cluster, before: { days: 30 }, after: { days } })),
  "rds.serverless-capacity": fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 8, max: 512 })).map(([low, high]) => ({
    kind: "rds.serverless-capacity",
    region,
    cluster,
    before: { minAcu: 4, maxAcu: 16 },
    after: { minAcu: low / 2, maxAcu: high / 2 },
  })),
  // Its state before is captured first, as that of the others.
  "rds.member": fc.constantFrom(3).map((place) => ({ kind: "rds.member", region, cluster, instance: names.instance(place), before: null, after: null })),
};

function openWorld() {
  const account = deployedAccount();
  const clients = createClientFactory({
    credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" },
    attach: (client, at) => account.attach(attachable(client), at),
  });
  const { rds } = clientsOf(account, region);
  return {
    settle: () => advanceMinutes(account, 30),
    apply: (change: Change, token: string) => createChangeWriter(clients).apply(change, token),
    stateOf: (change: Change) => createChangeReader(clients).stateOf(change),
    /** All that AWS says of the cluster, its members and their global database. */
    described: async () => [
      (await rds.send(new DescribeDBClustersCommand({}))).DBClusters,
      (await rds.send(new DescribeDBInstancesCommand({}))).DBInstances?.map(withoutIdentity),
      (await rds.send(new DescribeGlobalClustersCommand({}))).GlobalClusters,
    ],
  };
}

it("leaves every field as it was described before, forward and back, whatever Aurora change it is and what else was changed between", async () => {
  const anyOrder = fc.shuffledSubarray(Object.keys(examples) as AuroraChange["kind"][], { minLength: 1 }).filter(isPossible);
  const changes = anyOrder.chain((kinds) => fc.tuple(...kinds.map((kind): fc.Arbitrary<AuroraChange> => examples[kind])));
  await fc.assert(
    fc.asyncProperty(changes, async (each) => {
      const { apply, described, settle, stateOf } = openWorld();
      // What is captured, not what an example says, is what the way back restores.
      const captured = await Promise.all(each.map(async (change) => capture(change, await stateOf(change))));
      const before = await described();
      for (const [at, change] of captured.entries()) {
        await apply(change, `forward-${at}`);
        settle();
        expect(await stateOf(change)).toEqual({ kind: "settled", value: change.after });
      }
      for (const [at, change] of captured.toReversed().entries()) {
        await apply(inverse(change), `back-${at}`);
        settle();
      }
      expect(await described()).toEqual(before);
    }),
    { numRuns: 25 },
  );
});

/** A member that is made again is another one to AWS: these two are all that tells. */
function withoutIdentity({ DbiResourceId: _id, InstanceCreateTime: _at, ...described }: DBInstance): DBInstance {
  return described;
}

/** A member that is gone gets no other class. */
function isPossible(kinds: readonly AuroraChange["kind"][]): boolean {
  return !kinds.includes("rds.member") || kinds.indexOf("rds.instance-class") < kinds.indexOf("rds.member");
}

function capture(change: AuroraChange, state: Awaited<ReturnType<ReturnType<typeof openWorld>["stateOf"]>>): AuroraChange {
  if (state.kind !== "settled") throw new Error(`${change.kind} is ${state.kind}`);
  return { ...change, before: state.value } as AuroraChange;
}
