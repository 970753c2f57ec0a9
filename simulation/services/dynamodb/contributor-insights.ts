import {
  ResourceNotFoundException,
  type DescribeContributorInsightsCommandInput,
  type DescribeContributorInsightsCommandOutput,
  type ListContributorInsightsCommandInput,
  type ListContributorInsightsCommandOutput,
  type UpdateContributorInsightsCommandInput,
  type UpdateContributorInsightsCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { Timeline } from "../../account/timeline.ts";
import { tableNamed } from "./describe-table.ts";
import { errors, indexesAt, type Insights, type Table } from "./table.ts";
import { changeSeconds } from "../../../contract/change-seconds.ts";

const turningMs = changeSeconds.contributorInsights * 1000;
const off: Insights = { status: "DISABLED", mode: "ACCESSED_AND_THROTTLED_KEYS" };

function insightsAt({ insights }: Table, index: string, atMs: number): Insights {
  return insights.get(index)?.at(atMs) ?? off;
}

/** Lists a table and all its indexes. The table's own Contributor Insights are always off here. */
export function listContributorInsights(
  input: ListContributorInsightsCommandInput,
  { state, region, nowMs }: CallContext,
): Answer<ListContributorInsightsCommandOutput> {
  if (input.TableName === undefined) throw new NotSimulated("ListContributorInsights of every table");
  const table = tableNamed(state, region, input.TableName);
  const own = { TableName: table.core.name, ContributorInsightsStatus: off.status };
  const indexes = indexesAt(table.core, nowMs).map(({ name }) => {
    const { status, mode } = insightsAt(table, name, nowMs);
    return {
      TableName: table.core.name,
      IndexName: name,
      ContributorInsightsStatus: status,
      ...(status === "DISABLED" ? {} : { ContributorInsightsMode: mode }),
    };
  });
  return { ContributorInsightsSummaries: [own, ...indexes] };
}

export function describeContributorInsights(
  input: DescribeContributorInsightsCommandInput,
  { state, region, nowMs }: CallContext,
): Answer<DescribeContributorInsightsCommandOutput> {
  const table = tableNamed(state, region, input.TableName);
  const index = indexNamed(table, input.IndexName, nowMs);
  const { status, mode } = insightsAt(table, index, nowMs);
  return {
    TableName: table.core.name,
    IndexName: index,
    ContributorInsightsStatus: status,
    ...(status === "DISABLED" ? {} : { ContributorInsightsMode: mode }),
  };
}

export function updateContributorInsights(
  input: UpdateContributorInsightsCommandInput,
  { state, region, nowMs }: MutationContext,
): () => Answer<UpdateContributorInsightsCommandOutput> {
  refuseUnmodelled("UpdateContributorInsights", input, ["TableName", "IndexName", "ContributorInsightsAction", "ContributorInsightsMode"]);
  const table = tableNamed(state, region, input.TableName);
  const index = indexNamed(table, input.IndexName, nowMs);
  const action = input.ContributorInsightsAction;
  if (action !== "ENABLE" && action !== "DISABLE")
    throw errors.refuse("ValidationException", `Value '${String(action)}' at 'contributorInsightsAction' failed to satisfy constraint: [ENABLE, DISABLE]`);
  const mode = input.ContributorInsightsMode ?? "ACCESSED_AND_THROTTLED_KEYS";
  const [turning, turned]: readonly ["ENABLING" | "DISABLING", "ENABLED" | "DISABLED"] =
    action === "ENABLE" ? ["ENABLING", "ENABLED"] : ["DISABLING", "DISABLED"];
  return () => {
    const timeline = table.insights.get(index) ?? new Timeline<Insights>(nowMs, off);
    timeline.set(nowMs, { status: turning, mode });
    timeline.set(nowMs + turningMs, { status: turned, mode });
    table.insights.set(index, timeline);
    return { TableName: table.core.name, IndexName: index, ContributorInsightsStatus: turning, ContributorInsightsMode: mode };
  };
}

function indexNamed(table: Table, name: string | undefined, atMs: number): string {
  if (name === undefined) throw new NotSimulated("Contributor Insights of a table itself");
  if (!indexesAt(table.core, atMs).some((index) => index.name === name))
    throw new ResourceNotFoundException(refusal(`Requested resource not found: Index: ${name} not found`));
  return name;
}
