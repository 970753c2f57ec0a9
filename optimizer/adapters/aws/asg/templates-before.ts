import type { OtherType } from "../../../core/levers/asg/group.ts";
import type { Seen } from "../../../core/model/seen.ts";
import { type AccountEvent, accountEvents, accountEventsOf, isRecord, textOf } from "../account-events.ts";
import type { History } from "../history.ts";

/** From a call until all instances are sure to be of what it named: a refresh of a large group takes hours. */
const settledMs = 6 * 3_600_000;
/** So long before a group is pointed at a copy that copy may have been made. */
const copiedMs = 24 * 3_600_000;
/** What a group launched from before, where nobody tells. */
const untold = "of a template that no record tells";

interface Used {
  readonly group: string;
  readonly templateId: string;
  readonly templateName: string | undefined;
}

/**
 * When a group launched, or may have launched, from something else than today's template: another template, a launch configuration or a mixture of
 * types, by the calls that pointed it there. Such a call does not tell what stood before it, so that of the time before the first one in CloudTrail's
 * 90 days nobody knows, unless a version of today's template had been copied right before, as our own runs do: then the group moved on with its template.
 */
export async function templatesBefore({ clients, once }: Omit<History<never>, "nowMs">, used: Used): Promise<Seen<readonly OtherType[]>> {
  const calls = await accountEventsOf(clients.cloudTrail, once, ["UpdateAutoScalingGroup", "StartInstanceRefresh"]);
  if (calls.kind === "unseen") return calls;
  const pointed = calls.value.flatMap((event) => pointedBy(event, used) ?? []).toSorted((a, b) => a.atMs - b.atMs);
  const [first] = pointed;
  if (first === undefined) return { kind: "seen", value: [] };
  const copies = await accountEvents(clients.cloudTrail, once, "CreateLaunchTemplateVersion");
  if (copies.kind === "unseen") return copies;
  const movedOn = first.isToday && copies.value.some((event) => isCopyOf(event, used) && event.atMs <= first.atMs && event.atMs > first.atMs - copiedMs);
  const others = pointed.flatMap(({ atMs, isToday, words }, place): readonly OtherType[] => {
    const next = pointed[place + 1];
    return isToday ? [] : [{ instanceType: words, otherTemplate: true, fromMs: atMs, untilMs: next === undefined ? null : next.atMs + settledMs }];
  });
  const before: OtherType = { instanceType: untold, otherTemplate: true, fromMs: 0, untilMs: first.atMs + settledMs };
  return { kind: "seen", value: movedOn ? others : [before, ...others] };
}

/** EC2 writes the request of this call as a member of its own, with the API's names; a version without a source is no copy. */
function isCopyOf({ request }: AccountEvent, { templateId, templateName }: Used): boolean {
  const own = request["CreateLaunchTemplateVersionRequest"];
  const asked = isRecord(own) ? own : request;
  const read = (name: string): string | null => textOf(asked, name) ?? textOf(asked, `${name.charAt(0).toUpperCase()}${name.slice(1)}`);
  const name = read("launchTemplateName");
  return read("sourceVersion") !== null && (read("launchTemplateId") === templateId || (name !== null && name === templateName));
}

interface Pointed {
  readonly atMs: number;
  readonly isToday: boolean;
  readonly words: string;
}

/** What a call had the group launch from; undefined where it says nothing of that, or is about another group. */
function pointedBy({ atMs, request }: AccountEvent, { group, templateId, templateName }: Used): Pointed | undefined {
  if (textOf(request, "autoScalingGroupName") !== group) return undefined;
  const asked = isRecord(request["desiredConfiguration"]) ? request["desiredConfiguration"] : request;
  const { launchTemplate: template } = asked;
  if (isRecord(template)) {
    const [id, name] = [textOf(template, "launchTemplateId"), textOf(template, "launchTemplateName")];
    const isToday = id === templateId || (id === null && name !== null && name === templateName);
    return { atMs, isToday, words: `of launch template ${id ?? name ?? ""}` };
  }
  if (isRecord(asked["mixedInstancesPolicy"])) return { atMs, isToday: false, words: "of a mixed instances policy" };
  const configuration = textOf(asked, "launchConfigurationName");
  return configuration === null ? undefined : { atMs, isToday: false, words: `of launch configuration ${configuration}` };
}
