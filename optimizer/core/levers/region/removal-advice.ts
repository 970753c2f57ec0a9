import type { MonthlyUsd } from "../../model/money.ts";
import type { Advice, Evidence, OpenQuestion, PriceBook } from "../../model/rule.ts";
import { shellWord } from "../../model/shell-words.ts";
import { hoursPerMonth, sumMonthly } from "../../money/monthly.ts";
import type { Subject } from "../../sizing/skip.ts";
import { type Resource, resourcesOf } from "../resource-kinds.ts";
import { removalSteps } from "./removal-steps.ts";
import type { RegionStudy } from "./study.ts";
import { nameOf } from "./uses.ts";

const bytesPerGb = 1024 ** 3;
const vcpuUnits = 1024;
const gibMib = 1024;

export function removalAdvice(study: RegionStudy, seen: readonly Evidence[], subject: Subject): Advice {
  const { contents, region, facts } = study;
  const { prices, ownerRegion, baseline, inventory } = facts;
  const here = region.ref.region;
  const left = resourcesOf(inventory, "region")
    .map(({ ref }) => ref.id)
    .filter((id) => id !== here);
  const days = Math.round((baseline.span.endMs - baseline.span.startMs) / 86_400_000);
  return {
    kind: "advice",
    ...subject,
    // Figures and steps name each thing; a list of all would stand in every line about it.
    others: [],
    summary: `give up the secondary region ${here}`,
    reason: [
      "the policy says that no failover is required",
      `in ${days} days nothing used any of the ${contents.length} things that the deployment has there`,
      `nothing outside the stacks is connected to one, as far as AWS tells, and ${ownerRegion} has what is copied there`,
    ].join("; "),
    evidence: seen,
    refused: [],
    savesAtMost: sumMonthly([...contents.map((each) => monthlyOf(each, prices)), restOf(here)]),
    toFindOut: questions(study),
    warnings: [
      left.length === 0
        ? `afterwards nothing is left to take over where ${ownerRegion} fails`
        : `afterwards ${left.join(" and ")} alone can take over where ${ownerRegion} fails`,
      `somebody who comes less often than every ${days} days would not have been seen`,
      "a cluster that is detached is a database of its own, which takes writes and costs as before until it is deleted: what a forgotten client writes there is in no other",
      "final snapshots and backups stay in the region, and can be read only as long as the keys they are encrypted with: those go 30 days after the stack's last apply (docs/settings.md, Lifetimes: how to keep them, and what to do about buckets)",
    ],
    byHand: removalSteps(study),
  };
}

/** What has a price by the hour or by what it holds; the rest is named, never taken for nothing. */
function monthlyOf(resource: Resource, prices: PriceBook): MonthlyUsd {
  const { region } = resource.ref;
  const hourly = (what: string, price: number | null, count: number): MonthlyUsd =>
    price === null ? { kind: "unknown", what: `${what} in ${region}`, reason: "price unknown" } : { kind: "known", usd: price * count * hoursPerMonth };
  switch (resource.kind) {
    case "auto-scaling-group":
      // List prices are those of Linux.
      return hourly(
        resource.instanceType,
        (resource.billed?.platforms ?? []).length > 0 ? null : prices.ec2Hourly(region, resource.instanceType),
        resource.desiredCapacity,
      );
    case "aurora-cluster":
      return sumMonthly(
        resource.members.map(({ instanceClass }) => hourly(instanceClass, prices.auroraHourly(region, resource.engine, instanceClass, resource.storage), 1)),
      );
    case "rds-instance":
      return hourly(resource.instanceClass, prices.rdsHourly(region, resource.engine, resource.instanceClass, resource.multiAz), 1);
    case "redis-replication-group":
      return hourly(
        resource.nodeType,
        prices.redisHourly(region, resource.nodeType, resource.engine),
        resource.nodeGroups.flatMap(({ members }) => members).length,
      );
    case "ecs-service": {
      const price = prices.fargate(region, resource.task.architecture);
      const { cpu, memoryMib } = resource.task.size;
      const task = price === null ? null : (cpu / vcpuUnits) * price.vcpuHour + (memoryMib / gibMib) * price.gbHour;
      return hourly("tasks on Fargate", task, resource.desiredCount);
    }
    case "dynamodb-table": {
      const price = prices.dynamoDb(region, resource.tableClass);
      if (price === null) return { kind: "unknown", what: `DynamoDB storage in ${region}`, reason: "price unknown" };
      const bytes = resource.indexes.reduce((sum, { sizeBytes }) => sum + sizeBytes, resource.sizeBytes);
      return { kind: "known", usd: (bytes / bytesPerGb) * price.storageGbMonth };
    }
    case "load-balancer":
    case "s3-bucket":
    case "lambda-function":
    case "region":
      return { kind: "known", usd: 0 };
  }
}

/** What the account's bill has of the region besides, and list prices by the hour do not tell. */
function restOf(region: string): MonthlyUsd {
  return {
    kind: "unknown",
    what: `load balancers, networks, storage, backups, replicated writes and transfer of ${region}`,
    reason: "not priced here: Cost Explorer has the region's whole bill",
  };
}

/** What no figure of an account tells. */
function questions({ contents, region, facts: { ownerRegion, baseline } }: RegionStudy): readonly OpenQuestion[] {
  const here = region.ref.region;
  const [from, until] = [baseline.span.startMs, baseline.span.endMs].map((ms) => new Date(ms).toISOString().slice(0, 10));
  const tables = contents.filter(({ kind }) => kind === "dynamodb-table");
  const copied = contents.filter((each) => each.kind === "dynamodb-table" && each.replicaRegions.length > 1);
  const buckets = contents.filter(({ kind }) => kind === "s3-bucket");
  return [
    {
      question: "Does a name still lead there, e.g. the second half of a failover record?",
      command: "aws route53 list-resource-record-sets --hosted-zone-id <your zone>",
    },
    { question: "Does another network reach into its networks?", command: `aws ec2 describe-vpc-peering-connections --region ${here}` },
    {
      question: "Who called anything there in the last 90 days? CloudTrail keeps no longer without a trail, and no reads of data.",
      command: `aws cloudtrail lookup-events --region ${here} --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false`,
    },
    {
      question: "What does the whole region cost? What is not in this bill afterwards is what it saves.",
      command: `aws ce get-cost-and-usage --time-period Start=${from},End=${until} --granularity MONTHLY --metrics UnblendedCost --group-by Type=DIMENSION,Key=SERVICE --filter '{"Dimensions":{"Key":"REGION","Values":["${here}"]}}'`,
    },
    ...tables.map(({ ref }) => ({
      question: `Does anything follow ${ref.id} through a Kinesis stream? Nothing that is measured of the table shows it.`,
      command: `aws dynamodb describe-kinesis-streaming-destination --region ${here} --table-name ${shellWord(ref.id)}`,
    })),
    ...copied.map(({ ref }) => ({
      question: `Is ${ref.id} strongly consistent over its regions? AWS takes no single replica away from such a table.`,
      command: `aws dynamodb describe-table --region ${ownerRegion} --table-name ${shellWord(ref.id)} --query Table.MultiRegionConsistency`,
    })),
    ...buckets.map((bucket) => ({
      question: `Who needs an object of ${nameOf(bucket)}? CloudWatch counts requests only where somebody turned that on.`,
      command: `aws s3 ls s3://${shellWord(bucket.ref.id)} --region ${here} --recursive --summarize --human-readable`,
    })),
  ];
}
