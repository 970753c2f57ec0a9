import type { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { Seen } from "../../../core/model/seen.ts";
import { accountEventsOf, textOf } from "../account-events.ts";
import type { ReadOnce } from "../service-adapters.ts";

/**
 * Who ran tasks of a family by itself and named no revision, in words, the latest of each: they take whatever is the newest, so that another size
 * would be theirs. A rule or a schedule of EventBridge, Step Functions, a pipeline or a person alike call one of these, and CloudTrail has who
 * started them; a service does not. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
 */
export async function tasksRunBeside(client: CloudTrailClient, once: ReadOnce, family: string): Promise<Seen<readonly string[]>> {
  const calls = await accountEventsOf(client, once, ["RunTask", "StartTask"]);
  if (calls.kind === "unseen") return calls;
  const latest = new Map<string, number>();
  for (const { atMs, request } of calls.value) {
    if (nameIn(textOf(request, "taskDefinition")) !== family) continue;
    const by = textOf(request, "startedBy") ?? textOf(request, "group") ?? "somebody";
    latest.set(by, Math.max(latest.get(by) ?? 0, atMs));
  }
  return {
    kind: "seen",
    value: [...latest].map(([by, atMs]) => `${by} ran a task of ${family}, last on ${new Date(atMs).toISOString().slice(0, 10)}`).toSorted(),
  };
}

/** Of `family`, `family:revision` or an ARN of either: what stands after the last slash. */
function nameIn(definition: string | null): string | undefined {
  return definition?.split("/").at(-1);
}
