import { CreateDBInstanceCommand, DescribeDBInstancesCommand, ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import type { RdsChange } from "../../../optimizer/core/levers/rds/changes.ts";
import type { TrialOf, WireAccount } from "./trial.ts";

const large = "db.r6g.2xlarge";
const small = "db.r6g.xlarge";

export const rdsTrials: { readonly [C in RdsChange as C["kind"]]: TrialOf<C> } = {
  "rds.instance-backup-retention": {
    prepare: async (account) => {
      const { place, describe, resize } = await madeInstance(account);
      const change = { kind: "rds.instance-backup-retention", ...place, before: { days: 30 }, after: { days: 7 } } as const;
      return {
        change,
        describe,
        sets: ["BackupRetentionPeriod"],
        takesTime: false,
        refusals: [
          { because: "35 days are the most", change: { ...change, after: { days: 36 } }, kind: "invalid", name: "InvalidParameterValue" },
          { because: "another change is under way", change, meanwhile: resize, kind: "busy", name: "InvalidDBInstanceStateFault" },
        ],
      };
    },
  },
  "rds.standalone-class": {
    prepare: async (account) => {
      const { place, describe, resize } = await madeInstance(account);
      const change = {
        kind: "rds.standalone-class",
        ...place,
        multiAz: true,
        before: { instanceClass: large },
        after: { instanceClass: small },
      } as const;
      return {
        change,
        describe,
        sets: ["DBInstanceClass"],
        takesTime: true,
        refusals: [
          {
            because: "RDS has no such class",
            change: { ...change, after: { instanceClass: "db.r6g.giant" } },
            kind: "invalid",
            name: "InvalidParameterValue",
          },
          { because: "another change is under way", change, meanwhile: resize, kind: "busy", name: "InvalidDBInstanceStateFault" },
        ],
      };
    },
  },
};

async function madeInstance(account: WireAccount) {
  const { rds } = account.clients;
  const DBInstanceIdentifier = account.name;
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier,
      Engine: "mysql",
      DBInstanceClass: large,
      AllocatedStorage: 200,
      StorageType: "gp3",
      MultiAZ: true,
      MasterUsername: "admin",
      MasterUserPassword: "long-enough",
      BackupRetentionPeriod: 30,
      Tags: [{ Key: "Team", Value: "orders" }],
    }),
  );
  const describe = async () => {
    const { DBInstances: [instance] = [] } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
    // It moves on by itself.
    return { ...instance, LatestRestorableTime: undefined };
  };
  await account.inventory("rds-instance", { rdsInstances: [DBInstanceIdentifier] });
  const resize = () => rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, DBInstanceClass: "db.r6g.4xlarge", ApplyImmediately: true }));
  return { place: { region: account.region, instance: DBInstanceIdentifier }, describe, resize };
}
