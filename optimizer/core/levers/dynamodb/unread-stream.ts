import type { Action } from "../../model/action.ts";
import type { Decision, Evidence } from "../../model/rule.ts";
import { incompleteness, unknownPeriods } from "../../sizing/completeness.ts";
import { evidence } from "../../sizing/evidence.ts";
import { total } from "../../sizing/quantile.ts";
import { actionId, skip, type Subject } from "../../sizing/skip.ts";
import { type ChangeOf, inverse } from "../change-kinds.ts";
import type { StudyRule } from "../lever.ts";
import { streamReads, type TableStudy } from "./study.ts";
import type { DynamoTable, TableStream } from "./table.ts";
import { changeSeconds } from "../../../../contract/change-seconds.ts";
import { minutesOf } from "../minutes-of.ts";

/** Streams that nothing reads, of tables that are in one region alone. */
export const unreadStream: StudyRule<DynamoTable, TableStudy> = {
  id: "dynamodb.unread-stream",
  phase: 1,
  title: "Unread DynamoDB streams",
  cost: { service: "Amazon DynamoDB", commitment: "none" },
  // Nobody reads it: no window could show that it is gone.
  judgedBy: "nothing-visible",
  changes: ["dynamodb.stream"],
  restsOn: ({ streamArn, streamViewType, streamConsumers, replicaRegions }) => ({ streamArn, streamViewType, streamConsumers, replicaRegions }),
  decide: (study, subject) => [decide(study, subject)],
};

function decide({ facts, table }: TableStudy, subject: Subject): Decision {
  const { streamArn, streamViewType: viewType, streamConsumers: consumers } = table;
  if (streamArn === undefined || viewType === undefined) return skip(subject, "already-there", "has no stream");
  // AWS refuses it: "Disabling Stream is not allowed for a Global Table replica".
  if (table.replicaRegions.length > 1) return skip(subject, "unsupported", "a global table needs its stream: AWS copies its items through it");
  if (table.status !== "ACTIVE") return skip(subject, "unsupported", `the table is ${table.status}`);
  if (consumers.kind === "unseen") return skip(subject, "unreadable", `what is connected to its stream could not be seen: ${consumers.reason}`);
  if (consumers.value.length > 0) return skip(subject, "still-read", `connected to its stream: ${consumers.value.join(", ")}`);

  const { reads, since } = streamReads(facts.baseline, table, streamArn);
  const incomplete = reads.map(({ series }) => incompleteness(series, facts.policy)).find((reason) => reason !== undefined);
  if (incomplete !== undefined) return skip(subject, "insufficient-data", incomplete);
  const seen = reads.map(({ metric, series }): Evidence =>
    evidence(`${metric} of GetRecords`, total(series.values), { series, statistic: "SampleCount", unit: "Count" }),
  );
  const read = seen.filter(({ value }) => value > 0);
  if (read.length > 0)
    return skip(subject, "still-read", `something reads its stream: ${read.map(({ name, value }) => `${name}: ${Math.round(value)}`).join(", ")}`, {
      evidence: seen,
    });
  const unknown = reads.map(({ series }) => unknownPeriods(series, { since, startMs: facts.baseline.span.startMs })).find((hours) => hours !== undefined);
  if (unknown !== undefined && facts.policy.rules.decision === "guarded") return skip(subject, "insufficient-data", unknown, { evidence: seen });
  const nothing = { kind: "known", usd: 0 } as const;
  return {
    kind: "proposal",
    ...subject,
    from: `stream ${viewType}`,
    to: "off",
    reason: "no event source mapping, no pipe and no GetRecords in the whole baseline; it saves $0, since AWS bills reads of a stream alone",
    evidence: seen,
    refused: [],
    risk: 0,
    savings: nothing,
    monthlyCost: { before: nothing, after: nothing },
    warnings: [
      "it saves $0: an idle stream costs nothing",
      "on the way back AWS makes a new stream with a new ARN: whatever names the old one has to be told",
      "a reader that comes less often than the baseline is long would not have been seen",
      ...(unknown === undefined ? [] : [unknown]),
    ],
    action: streamOff(subject, table, viewType),
  };
}

function streamOff(subject: Subject, { ref }: DynamoTable, viewType: TableStream): Action {
  const id = actionId(subject);
  const change: ChangeOf<"dynamodb.stream"> = { kind: "dynamodb.stream", region: ref.region, table: ref.id, before: { viewType }, after: { viewType: null } };
  return {
    id,
    rule: subject.rule,
    phase: 1,
    region: ref.region,
    resource: ref,
    summary: `${ref.id}: turn off the stream that nothing reads`,
    steps: [{ kind: "change", id: `${id}#forward:off`, change, description: `turn off the stream of ${ref.id}` }],
    rollback: [
      {
        kind: "change",
        id: `${id}#rollback:on`,
        change: inverse(change),
        description: `turn on a stream of ${ref.id} again, which has a new ARN`,
      },
    ],
    reversibility: "immediate",
    undoMinutes: minutesOf(changeSeconds.tableUpdate),
    cannotComeBack: `the ARN of the stream of ${ref.id}, and the records in it`,
    disruptions: [],
    writeBack: [{ type: "aws_dynamodb_table", id: ref.id, property: "stream", operation: "set", value: "off" }],
  };
}
