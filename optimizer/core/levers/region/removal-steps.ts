import { seenOr } from "../../model/seen.ts";
import type { ManualStep } from "../../model/rule.ts";
import { shellWord } from "../../model/shell-words.ts";
import { waitLine } from "../change-facts.ts";
import type { Resource, ResourceOf } from "../resource-kinds.ts";
import type { RegionStudy } from "./study.ts";

/**
 * What removes a region, in the one order in which each step leaves the others possible: first what can be taken back, which shows who was forgotten;
 * the cluster leaves its global database only once nobody can write to what it then is; what AWS copies is the last that goes of
 * what holds data (docs/decisions/0009-a-region-is-removed-by-hand.md).
 */
export function removalSteps({ contents, region, facts: { ownerRegion } }: RegionStudy): readonly ManualStep[] {
  const around: Around = { here: region.ref.region, ownerRegion };
  const each = <K extends Resource["kind"]>(kind: K, steps: (resource: ResourceOf<K>, around: Around) => readonly ManualStep[]): readonly ManualStep[] =>
    contents.filter((resource): resource is ResourceOf<K> => resource.kind === kind).flatMap((resource) => steps(resource, around));
  return [
    ...region.stacks.map(unprotectStep),
    ...each("auto-scaling-group", groupSteps),
    ...each("ecs-service", serviceSteps),
    ...each("lambda-function", functionSteps),
    ...each("aurora-cluster", clusterSteps),
    ...each("dynamodb-table", (table, own) => (table.replicaRegions.length > 1 ? replicaSteps(table, own) : tableSteps(table, own))),
    ...region.stacks.map((stack) => stackStep(stack, region.environmentSuffix)),
  ];
}

interface Around {
  readonly here: string;
  readonly ownerRegion: string;
}

function groupSteps(group: ResourceOf<"auto-scaling-group">, { here }: Around): readonly ManualStep[] {
  const { ref, minSize, desiredCapacity, maxSize, habits } = group;
  const own = `--region ${here} --auto-scaling-group-name ${shellWord(ref.id)}`;
  const asked = `aws autoscaling describe-auto-scaling-groups --region ${here} --auto-scaling-group-names ${shellWord(ref.id)}`;
  const update = `aws autoscaling update-auto-scaling-group ${own}`;
  // A schedule would start instances again, and may raise the maximum for that.
  const isScheduled = habits.scheduledActions.length > 0 && !habits.suspendedProcesses.includes("ScheduledActions");
  const schedules = (verb: "suspend" | "resume") => (isScheduled ? [`aws autoscaling ${verb}-processes ${own} --scaling-processes ScheduledActions`] : []);
  return [
    {
      name: `instances of ${ref.id}`,
      what: `cut its clients off: no instance of ${ref.id} is left`,
      commands: [
        ...schedules("suspend"),
        `${update} --min-size 0 --max-size 0 --desired-capacity 0`,
        waitLine("until", asked, "length(AutoScalingGroups[0].Instances)", "0"),
      ],
      back: {
        kind: "comes-back",
        how: [`${update} --min-size ${minSize} --max-size ${maxSize} --desired-capacity ${desiredCapacity}`, ...schedules("resume")].join(" && "),
      },
    },
  ];
}

function serviceSteps({ ref, cluster, name, desiredCount, scaling }: ResourceOf<"ecs-service">, { here }: Around): readonly ManualStep[] {
  const own = `--region ${here} --cluster ${shellWord(cluster)}`;
  const target = `aws application-autoscaling register-scalable-target --region ${here} --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id ${shellWord(`service/${ref.id}`)}`;
  const bounds = seenOr(scaling, null);
  const schedules = (isSuspended: boolean) =>
    bounds !== null && bounds.scheduledActions.length > 0 ? ` --suspended-state ScheduledScalingSuspended=${isSuspended}` : "";
  const update = `aws ecs update-service ${own} --service ${shellWord(name)}`;
  const back = `${update} --desired-count ${desiredCount}`;
  return [
    {
      name: `tasks of ${ref.id}`,
      what: `cut its clients off: no task of ${ref.id} is left`,
      commands: [
        // Its policies and schedules would start tasks again.
        ...(bounds === null ? [] : [`${target} --min-capacity 0 --max-capacity 0${schedules(true)}`]),
        `${update} --desired-count 0`,
        `aws ecs wait services-stable ${own} --services ${shellWord(name)}`,
      ],
      back: {
        kind: "comes-back",
        how:
          bounds === null ? back : `${target} --min-capacity ${bounds.minCount} --max-capacity ${bounds.maxCount}${schedules(bounds.isSuspended)} && ${back}`,
      },
    },
  ];
}

function functionSteps({ ref, reservedConcurrency }: ResourceOf<"lambda-function">, { here }: Around): readonly ManualStep[] {
  const own = `--region ${here} --function-name ${shellWord(ref.id)}`;
  const reserved = seenOr(reservedConcurrency, null);
  return [
    {
      name: `calls of ${ref.id}`,
      what: `cut its callers off: ${ref.id} answers no call`,
      commands: [`aws lambda put-function-concurrency ${own} --reserved-concurrent-executions 0`],
      back: {
        kind: "comes-back",
        how:
          reserved === null
            ? `aws lambda delete-function-concurrency ${own}`
            : `aws lambda put-function-concurrency ${own} --reserved-concurrent-executions ${reserved}`,
      },
    },
  ];
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-detaching.html */
function clusterSteps({ ref, arn, globalClusterId = "", members }: ResourceOf<"aurora-cluster">, { here, ownerRegion }: Around): readonly ManualStep[] {
  const id = shellWord(ref.id);
  const own = `--region ${here} --db-cluster-identifier ${id}`;
  const snapshot = `${ref.id}-final`;
  const global = `--region ${here} --global-cluster-identifier ${shellWord(globalClusterId)}`;
  return [
    {
      name: `global database of ${ref.id}`,
      what: `detach ${ref.id} from ${globalClusterId}: it becomes a cluster of its own, which takes writes`,
      commands: [
        `aws rds remove-from-global-cluster ${global} --db-cluster-identifier ${shellWord(arn)}`,
        waitLine("while", `aws rds describe-global-clusters ${global}`, "GlobalClusters[0].GlobalClusterMembers[].DBClusterArn", arn),
        `aws rds wait db-cluster-available ${own}`,
      ],
      back: { kind: "lost", what: `the copy of ${ownerRegion} that ${ref.id} is: a cluster that joins again is a new one, filled from there` },
    },
    ...members.map(({ identifier }): ManualStep => ({
      name: `instance ${identifier}`,
      what: `delete the instance ${identifier}`,
      commands: [
        `aws rds delete-db-instance --region ${here} --db-instance-identifier ${shellWord(identifier)}`,
        `aws rds wait db-instance-deleted --region ${here} --db-instance-identifier ${shellWord(identifier)}`,
      ],
      back: { kind: "lost", what: `the instance ${identifier}: another one can be created while the cluster is there` },
    })),
    {
      name: `cluster ${ref.id}`,
      what: `delete ${ref.id}, which leaves the snapshot ${snapshot}`,
      commands: [
        // AWS deletes nothing that is protected.
        `aws rds modify-db-cluster ${own} --no-deletion-protection --apply-immediately`,
        `aws rds delete-db-cluster ${own} --no-skip-final-snapshot --final-db-snapshot-identifier ${shellWord(snapshot)}`,
        `aws rds wait db-cluster-deleted ${own}`,
        `aws rds wait db-cluster-snapshot-available --region ${here} --db-cluster-snapshot-identifier ${shellWord(snapshot)}`,
      ],
      back: { kind: "lost", what: `${ref.id}, its endpoints and its automated backups: what the snapshot is restored to is a new cluster` },
    },
  ];
}

/** Deleted from where the table stays (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html, ReplicaUpdates). */
function replicaSteps({ ref }: ResourceOf<"dynamodb-table">, { here, ownerRegion }: Around): readonly ManualStep[] {
  const name = shellWord(ref.id);
  const updates = JSON.stringify([{ Delete: { RegionName: here } }]);
  return [
    {
      name: `replica of ${ref.id}`,
      what: `delete the replica of ${ref.id} in ${here}`,
      commands: [
        `aws dynamodb update-table --region ${here} --table-name ${name} --no-deletion-protection-enabled`,
        waitLine("until", `aws dynamodb describe-table --region ${here} --table-name ${name}`, "Table.TableStatus", "ACTIVE"),
        `aws dynamodb update-table --region ${ownerRegion} --table-name ${name} --replica-updates ${shellWord(updates)}`,
        `aws dynamodb wait table-not-exists --region ${here} --table-name ${name}`,
      ],
      back: {
        kind: "lost",
        what: `the replica of ${ref.id} and its point-in-time recovery: one that is added again is filled from ${ownerRegion}, and paid for as written anew`,
      },
    },
  ];
}

/** A table that is nowhere else: its items are kept, the table goes with its stack. */
function tableSteps({ ref }: ResourceOf<"dynamodb-table">, { here }: Around): readonly ManualStep[] {
  const backup = `${ref.id}-final`;
  const described = `aws dynamodb list-backups --region ${here} --table-name ${shellWord(ref.id)}`;
  return [
    {
      name: `backup of ${ref.id}`,
      what: `keep what ${ref.id} holds, which no other region has, in the backup ${backup}`,
      commands: [
        `aws dynamodb create-backup --region ${here} --table-name ${shellWord(ref.id)} --backup-name ${shellWord(backup)}`,
        waitLine("until", described, `BackupSummaries[?BackupName=='${backup}'].BackupStatus | [0]`, "AVAILABLE"),
      ],
      back: { kind: "comes-back", how: `a backup changes nothing; aws dynamodb restore-table-from-backup brings it back as another table` },
    },
  ];
}

/** Terraform has to leave the region before anything there is touched: applied in between, it would make again what is gone. */
function unprotectStep(stack: string): ManualStep {
  const apply = `terraform -chdir=cdktf.out/stacks/${stack} apply`;
  return {
    name: `protection of ${stack}`,
    what: `take the protection from deletion off what the stack ${stack} has; from here to the last step nobody else applies it`,
    commands: ["TAP_LIFETIME=recoverable npm run synth", apply],
    back: { kind: "comes-back", how: `npm run synth && ${apply}` },
  };
}

/** What is left is the stack's: Terraform finds gone what the steps before removed. */
function stackStep(stack: string, suffix: string | undefined): ManualStep {
  return {
    name: `stack ${stack}`,
    what: `write "regionAbsent": true into sizing/${suffix ?? "<suffix>"}/${stack}.json, and apply the primary's stack and this one (docs/regions.md, "Give one up")`,
    // With the usual lifetime: the primary's stack keeps its protection.
    commands: ["npm run synth", "terraform -chdir=cdktf.out/stacks/primary apply", `terraform -chdir=cdktf.out/stacks/${stack} apply`],
    back: {
      kind: "lost",
      what: "what the stack still has there: buckets with their objects, tables that are nowhere else, the cache, logs; keys and secrets 30 days later",
    },
  };
}
