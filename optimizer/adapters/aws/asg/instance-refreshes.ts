import { paginateDescribeInstanceRefreshes, type AutoScalingClient, type InstanceRefresh } from "@aws-sdk/client-auto-scaling";

/** Statuses of a refresh that still does something (Auto Scaling API reference, InstanceRefresh). */
const activeStatuses: readonly (InstanceRefresh["Status"] | undefined)[] = ["Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress"];

/** A group has at most one active refresh. */
export async function activeRefresh(client: AutoScalingClient, group: string): Promise<InstanceRefresh | undefined> {
  for await (const page of paginateDescribeInstanceRefreshes({ client }, { AutoScalingGroupName: group })) {
    const active = (page.InstanceRefreshes ?? []).find(({ Status }) => activeStatuses.includes(Status));
    if (active !== undefined) return active;
  }
  return undefined;
}

/** Whether a refresh is on its way back or out, and can only be waited for. */
export function isEnding(refresh: InstanceRefresh): boolean {
  return refresh.Status === "Cancelling" || refresh.Status === "RollbackInProgress";
}

/** The template version a refresh was started for; none when it took whatever the group referenced. */
export function aimedVersion(refresh: InstanceRefresh): string | undefined {
  return refresh.DesiredConfiguration?.LaunchTemplate?.Version;
}
