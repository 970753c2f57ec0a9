import { CreateLaunchTemplateVersionCommand, DescribeLaunchTemplateVersionsCommand } from "@aws-sdk/client-ec2";
import { StartInstanceRefreshCommand, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { DescribeDBClustersCommand, FailoverDBClusterCommand, ModifyDBInstanceCommand, type ModifyDBInstanceCommandInput } from "@aws-sdk/client-rds";
import type { ClientFactory } from "../../optimizer/adapters/aws/client-factory.ts";
import type { ChangedResource } from "../../optimizer/core/levers/change-facts.ts";
import { refKey, type ResourceRef } from "../../optimizer/core/model/resource-ref.ts";
import type { Schedule } from "./schedule.ts";
import { names, owner } from "./small-stacks.ts";
import type { SimulatedAccount } from "../../simulation/account/account.ts";
import { nextWindowStart } from "../../simulation/account/maintenance-window.ts";
import type { LogEntry } from "../../simulation/account/store.ts";
import { instances } from "../../simulation/services/rds/cluster.ts";

type HandTrouble = Extract<Schedule["troubles"][number], { readonly kind: "hand" }>;

/** What a deed needs of the world it is done in. */
export interface Touchable {
  readonly schedule: Schedule;
  readonly log: readonly LogEntry[];
  readonly tenants: Set<string>;
  readonly deleted: Set<string>;
  readonly madeAnew: Set<string>;
  readonly foreignMembers: Set<string>;
  /** By `<region>/<member>`: since when something is queued for its maintenance window, and until then. */
  readonly queued: Map<string, { readonly atMs: number; readonly windowMs: number }>;
  readonly account: SimulatedAccount;
  touch(ref: ResourceRef, deed: string): void;
}

/** A resource, or a part of it. */
export function partKey({ part = "", ...ref }: ChangedResource): string {
  return `${refKey(ref)} ${part}`;
}

/** Somebody else changes the account. What AWS refuses at this moment does not happen, as when a person gives up. */
export async function doDeed({ region, deed }: HandTrouble, world: Touchable, clientsIn: ClientFactory): Promise<void> {
  const { writers, rds, ec2 } = clientsIn(region);
  const group: ResourceRef = { kind: "auto-scaling-group", region, id: names.group };
  const cluster: ResourceRef = { kind: "aurora-cluster", region, id: names.cluster };
  const table: ResourceRef = { kind: "dynamodb-table", region: owner, id: names.table };
  const attempt = async (ref: ResourceRef, work: () => Promise<unknown>): Promise<void> => {
    if (world.deleted.has(refKey(ref))) return;
    const before = world.log.length;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Error) || !("$fault" in error)) throw error;
    }
    if (world.log.length > before) world.touch(ref, deed);
  };
  /** Whoever changes a member at once carries out what is queued for it as well, and does so knowingly. */
  const modify = async (member: string, settings: Omit<ModifyDBInstanceCommandInput, "DBInstanceIdentifier">): Promise<void> => {
    await writers.rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: member, ...settings }));
    if (settings.ApplyImmediately === true) world.queued.delete(`${region}/${member}`);
  };
  const template = { LaunchTemplateName: names.template };
  const templateId = async (): Promise<string> => {
    const version = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ ...template, Versions: ["1"] }));
    return version.LaunchTemplateVersions?.[0]?.LaunchTemplateId ?? "";
  };
  switch (deed) {
    case "size-put-back":
      return attempt(cluster, async () => {
        await modify(names.member(2), { DBInstanceClass: "db.r6g.4xlarge", ApplyImmediately: true });
        // As the plan saw it: nothing of another hand's is left to write over.
        world.foreignMembers.delete(`${region}/${names.member(2)}`);
      });
    case "resized":
      return attempt(cluster, async () => {
        await modify(names.member(2), { DBInstanceClass: "db.r6g.8xlarge", ApplyImmediately: true });
        world.foreignMembers.add(`${region}/${names.member(2)}`);
      });
    case "failover":
      return attempt(cluster, async () => {
        const { DBClusters: [found] = [] } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: names.cluster }));
        const reader = found?.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter !== true)?.DBInstanceIdentifier;
        await writers.rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: names.cluster, TargetDBInstanceIdentifier: reader }));
      });
    case "template-version":
      return attempt(group, () =>
        writers.ec2.send(
          new CreateLaunchTemplateVersionCommand({ ...template, SourceVersion: "1", LaunchTemplateData: { UserData: "IyEvYmluL3No" }, ClientToken: "hand" }),
        ),
      );
    case "group-repointed":
      return attempt(group, async () => {
        const LaunchTemplateId = await templateId();
        await writers.autoScaling.send(
          new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: names.group, LaunchTemplate: { LaunchTemplateId, Version: "1" } }),
        );
        await writers.autoScaling.send(new StartInstanceRefreshCommand({ AutoScalingGroupName: names.group }));
      });
    case "index-cap": {
      const update = { Update: { IndexName: names.unusedIndex, OnDemandThroughput: { MaxReadRequestUnits: 77 } } };
      return attempt(table, () =>
        clientsIn(owner).writers.dynamoDb.send(new UpdateTableCommand({ TableName: names.table, GlobalSecondaryIndexUpdates: [update] })),
      );
    }
    case "queued": {
      const member = names.member(1 + Math.floor(world.schedule.seed % 2));
      return attempt(cluster, async () => {
        await modify(member, { CACertificateIdentifier: "rds-ca-ecc384-g1" });
        const instance = world.account.state.of(instances).get(region, member);
        const atMs = world.account.nowMs();
        if (instance !== undefined) world.queued.set(`${region}/${member}`, { atMs, windowMs: nextWindowStart(instance.maintenanceWindow, atMs) });
      });
    }
    case "made-anew": {
      const member: ChangedResource = { ...cluster, part: names.member(2) };
      const made = [group, cluster, table, member][Math.floor(world.schedule.seed % 4)] ?? group;
      world.madeAnew.add(partKey(made));
      return world.touch(made, deed);
    }
    case "tenant-tag":
    case "deleted": {
      const ref = [group, cluster, table][Math.floor(world.schedule.seed % 3)] ?? group;
      (deed === "deleted" ? world.deleted : world.tenants).add(refKey(ref));
      return world.touch(ref, deed);
    }
    default:
      throw new Error(`no such deed: ${JSON.stringify(deed satisfies never)}`);
  }
}
