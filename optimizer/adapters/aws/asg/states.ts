import type { AutoScalingClient, InstanceRefresh } from "@aws-sdk/client-auto-scaling";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ChangeOf, ChangeState } from "../../../core/levers/change-kinds.ts";
import { readGroup, runningTypes, templateOf } from "./group.ts";
import { readTemplateVersion } from "./launch-template.ts";
import { activeRefresh, aimedVersion, isEnding } from "./instance-refreshes.ts";

export interface GroupClients {
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
}

/** State of a template: the instance type of its latest version. */
export async function templateVersionState(client: EC2Client, change: ChangeOf<"ec2.launch-template-version">): Promise<ChangeState<typeof change>> {
  const { instanceType } = await readTemplateVersion(client, change.launchTemplateId, "$Latest");
  return { kind: "settled", value: { instanceType } };
}

/** State of a group's reference: the instance type of the version it launches from. */
export async function groupTemplateState(clients: GroupClients, change: ChangeOf<"asg.launch-template">): Promise<ChangeState<typeof change>> {
  const { id, version } = templateOf(await readGroup(clients.autoScaling, change.autoScalingGroup));
  const { instanceType } = await readTemplateVersion(clients.ec2, id, version);
  return { kind: "settled", value: { instanceType } };
}

/**
 * State of a group's instances: the one type in service. A refresh toward `after`, or one that is ending, is in progress; one
 * that aims elsewhere is mixed, since the writer cancels it.
 */
export async function instanceRefreshState(clients: GroupClients, change: ChangeOf<"asg.instance-refresh">): Promise<ChangeState<typeof change>> {
  const group = await readGroup(clients.autoScaling, change.autoScalingGroup);
  const refresh = await activeRefresh(clients.autoScaling, change.autoScalingGroup);
  const template = templateOf(group);
  const running = runningTypes(group);
  if (refresh !== undefined) {
    const aim = (await readTemplateVersion(clients.ec2, template.id, aimedVersion(refresh) ?? template.version)).instanceType;
    if (isEnding(refresh) || aim === change.after.instanceType) return progressOf(refresh, aim);
    return { kind: "mixed", detail: `instance refresh ${refresh.InstanceRefreshId} is under way to ${aim}; in service: ${running.join(", ")}` };
  }
  const [only, another] = running;
  if (another !== undefined) return { kind: "mixed", detail: `instances in service are ${running.join(", ")}` };
  // Without any instance in service, the next one will be of the referenced type.
  const instanceType = only ?? (await readTemplateVersion(clients.ec2, template.id, template.version)).instanceType;
  return { kind: "settled", value: { instanceType } };
}

function progressOf(refresh: InstanceRefresh, aim: string): Extract<ChangeState, { readonly kind: "in-progress" }> {
  const detail = `instance refresh ${refresh.InstanceRefreshId} to ${aim} is ${refresh.Status}${refresh.StatusReason === undefined ? "" : ` (${refresh.StatusReason})`}`;
  return { kind: "in-progress", detail, ...(refresh.PercentageComplete === undefined ? {} : { share: refresh.PercentageComplete / 100 }) };
}
