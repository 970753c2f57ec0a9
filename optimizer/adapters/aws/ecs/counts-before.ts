import type { Service } from "@aws-sdk/client-ecs";
import { countText } from "../../../core/levers/ecs/task-size.ts";
import type { ServiceScaling } from "../../../core/levers/ecs/container-service.ts";
import type { Seen } from "../../../core/model/seen.ts";
import { otherSizes, type SizeChange, type SizesBefore } from "../../../core/sizing/sizes-before.ts";
import { type AccountEvent, accountEvents, isRecord, numberOf, textOf } from "../account-events.ts";
import { answered } from "../answered.ts";
import type { History } from "../history.ts";
import { unlessLate } from "../late-news.ts";
import type { ServicePlace } from "./read-service.ts";

const hourMs = 3_600_000;
/** ECS's own words for tasks that come and go: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html */
const moved = /has (?:started|stopped) \d+/;

interface Counted {
  readonly found: Service;
  readonly place: ServicePlace;
  readonly scaling: Seen<ServiceScaling>;
}

/**
 * When a service was to run another number of tasks, by the calls of `UpdateService`, which people and Application Auto Scaling make alike. Only
 * where Container Insights does not tell the number by the hour does it matter: then the share of each task is one of today's number. One whose
 * number policies or schedules move is not asked for: they call too often.
 */
export async function countsBefore({ clients, once, nowMs }: History<never>, { found, place, scaling }: Counted): Promise<SizesBefore> {
  if (scaling.kind === "unseen") return scaling;
  const { policies = [], scheduledActions = [] } = scaling.value ?? {};
  const [mover] = [...policies.map(({ name }) => name), ...scheduledActions];
  if (mover !== undefined) return { kind: "unseen", reason: `${mover} moves the number of its tasks, which Container Insights alone tells by the hour` };
  const calls = await accountEvents(clients.cloudTrail, once, "UpdateService");
  if (calls.kind === "unseen") return calls;
  const own = calls.value.filter(({ request }) => isOf(place, request));
  const before = otherSizes(
    countText(answered(found.desiredCount, "desiredCount")),
    own.flatMap((event) => changeOf(event) ?? []),
  );
  const news = (found.events ?? []).flatMap(({ message = "", createdAt }) =>
    moved.test(message) && createdAt !== undefined ? { what: `ECS tells "${message}"`, atMs: createdAt.getTime() } : [],
  );
  const isTold = ({ atMs }: { readonly atMs: number }): boolean => own.some((event) => event.atMs <= atMs && event.atMs > atMs - hourMs);
  return unlessLate({ kind: "seen", value: before }, news, { isTold, nowMs });
}

/** A call about something else answers with the number that stays. */
function changeOf({ atMs, request, response }: AccountEvent): SizeChange | undefined {
  const asked = numberOf(request, "desiredCount");
  if (asked !== null) return { atMs, settledMs: atMs + hourMs, before: null, after: countText(asked) };
  const kept = isRecord(response["service"]) ? numberOf(response["service"], "desiredCount") : null;
  return kept === null ? undefined : { atMs, settledMs: atMs, before: countText(kept), after: countText(kept) };
}

function isOf({ cluster, service }: ServicePlace, request: AccountEvent["request"]): boolean {
  return nameIn(textOf(request, "service")) === service && nameIn(textOf(request, "cluster") ?? "default") === cluster;
}

/** Of a name or an ARN. */
function nameIn(asked: string | null): string | undefined {
  return asked?.split("/").at(-1);
}
