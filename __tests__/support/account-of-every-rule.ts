import { aServerlessCluster, serverlessSees } from "./aurora-serverless.ts";
import { readersSee } from "./aurora-readers.ts";
import { aBucket, bucketSees } from "./buckets.ts";
import { aService, serviceSees } from "./container-services.ts";
import { aFunction, functionSees } from "./functions.ts";
import { aProvisionedTable, capacitySees } from "./provisioned-tables.ts";
import { anRdsInstance, instanceSees } from "./rds-instances.ts";
import {
  type World,
  aCluster,
  aGroup,
  aMember,
  aRedisGroup,
  aStream,
  aTable,
  aWorld,
  groupSees,
  memberSees,
  primary,
  redisSees,
  secondary,
  tableSees,
} from "./world.ts";

const third = "eu-west-1";
/** A writer and two readers of the smallest class that the class's rule goes to. */
const crowded = aCluster({
  name: "crowded",
  members: ["1", "2", "3"].map((n) => aMember(`crowded-${n}`, { role: n === "1" ? "writer" : "reader", instanceClass: "db.r6g.xlarge" })),
});
const serverless = aServerlessCluster({ name: "serverless" });
const cache = aRedisGroup({ shards: 1, nodes: 2 });
const mysql = anRdsInstance({ instanceClass: "db.t3.large" });
const lambda = aFunction();
const containers = aService();

/** An account for which each rule that changes anything proposes something: an index in the owner region; groups in three regions; a database in two. */
export function account(days = 60): World {
  const world = aWorld()
    .policed({ baselineDays: days })
    .with(
      aGroup(),
      aGroup({ region: secondary }),
      aGroup({ region: third }),
      aTable(aStream()),
      aProvisionedTable(),
      cache,
      aBucket(),
      lambda,
      containers,
      aCluster(),
      crowded,
      serverless,
      mysql,
      aCluster({ name: "west", region: secondary, globalRole: "secondary", members: [aMember("west-1")] }),
    );
  const loaded = [primary, secondary, third].reduce(
    (seen, region) => groupSees(seen, "web", { cpu: 20 }, region),
    capacitySees(tableSees(world, "tenants", "by-email", 0), "orders", { reads: 1, writes: 1 }),
  );
  const stored = bucketSees(loaded, { frequent: (hour) => 10_000 + hour });
  const databases = memberSees(
    memberSees(memberSees(serviceSees(functionSees(redisSees(stored, cache), lambda), containers), "aurora-1", { cpu: 10 }), "aurora-2", { cpu: 5 }),
    "west-1",
    { cpu: 5 },
    secondary,
  );
  return instanceSees(serverlessSees(readersSee(databases, crowded), serverless), mysql, { freeGib: 7 });
}
