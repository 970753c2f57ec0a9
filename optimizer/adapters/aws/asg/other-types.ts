import { type AutoScalingClient, type InstanceRefresh, paginateDescribeInstanceRefreshes } from "@aws-sdk/client-auto-scaling";
import { type EC2Client, type LaunchTemplateVersion, paginateDescribeLaunchTemplateVersions } from "@aws-sdk/client-ec2";
import type { OtherType } from "../../../core/levers/asg/group.ts";

interface Used {
  readonly group: string;
  readonly templateId: string;
  /** The version in use. */
  readonly version: number;
  readonly instanceType: string;
  readonly detailedMonitoring: boolean;
}

/**
 * When a group's instances were of another type than now, or reported at other times, by the versions of its template: one of another type counts
 * from when it was made until the refresh after its successor had ended. Newer versions than the one in use count only where a refresh followed
 * them. AWS tells of refreshes for six weeks: https://docs.aws.amazon.com/autoscaling/ec2/userguide/check-status-instance-refresh.html
 */
export async function readOtherTypes(
  { autoScaling, ec2 }: { readonly autoScaling: AutoScalingClient; readonly ec2: EC2Client },
  used: Used,
): Promise<readonly OtherType[]> {
  const versions = await versionsOf(ec2, used.templateId);
  const ofType = ({ type }: Version): boolean => type === used.instanceType;
  const ofSampling = ({ detailedMonitoring }: Version): boolean => detailedMonitoring === used.detailedMonitoring;
  if (versions.every((version) => ofType(version) && ofSampling(version))) return [];
  const refreshes = await refreshesOf(autoScaling, used.group);
  return [
    ...stretches(versions, ofType, used.version, refreshes).map(({ type, fromMs, untilMs }) => ({ instanceType: type, fromMs, untilMs })),
    ...stretches(versions, ofSampling, used.version, refreshes).map(({ fromMs, untilMs, detailedMonitoring }) => ({
      instanceType: used.instanceType,
      detailedMonitoring,
      fromMs,
      untilMs,
    })),
  ];
}

/** When versions were in use that are not as today's. */
function stretches(versions: readonly Version[], isAsToday: (version: Version) => boolean, usedVersion: number, refreshes: readonly Refresh[]) {
  return versions.flatMap((version, place) => {
    const { number, type, detailedMonitoring, madeMs } = version;
    if (isAsToday(version)) return [];
    if (number > usedVersion && !refreshes.some(({ startMs }) => startMs >= madeMs)) return [];
    // Versions in a row that are alike are one stretch: what ended it is the next one as today's.
    const successor = versions.slice(place + 1).find((later) => isAsToday(later));
    return { type, detailedMonitoring, fromMs: madeMs, untilMs: successor === undefined ? null : replacedMs(refreshes, successor.madeMs) };
  });
}

interface Version {
  readonly number: number;
  readonly type: string;
  readonly detailedMonitoring: boolean;
  readonly madeMs: number;
}

/** Oldest first; those that name no type start nothing of their own. */
async function versionsOf(client: EC2Client, LaunchTemplateId: string): Promise<readonly Version[]> {
  const found: LaunchTemplateVersion[] = [];
  for await (const page of paginateDescribeLaunchTemplateVersions({ client }, { LaunchTemplateId })) found.push(...(page.LaunchTemplateVersions ?? []));
  return found
    .flatMap(({ VersionNumber: number, LaunchTemplateData, CreateTime }) => {
      const type = LaunchTemplateData?.InstanceType;
      if (number === undefined || type === undefined || CreateTime === undefined) return [];
      return { number, type, detailedMonitoring: LaunchTemplateData?.Monitoring?.Enabled === true, madeMs: CreateTime.getTime() };
    })
    .toSorted((a, b) => a.number - b.number);
}

interface Refresh {
  readonly startMs: number;
  readonly endMs: number | undefined;
}

async function refreshesOf(client: AutoScalingClient, AutoScalingGroupName: string): Promise<readonly Refresh[]> {
  const found: InstanceRefresh[] = [];
  for await (const page of paginateDescribeInstanceRefreshes({ client }, { AutoScalingGroupName })) found.push(...(page.InstanceRefreshes ?? []));
  return found.flatMap(({ StartTime, EndTime }) => (StartTime === undefined ? [] : { startMs: StartTime.getTime(), endMs: EndTime?.getTime() }));
}

/** End of the last refresh that began after a moment; null where there is none, or it has not ended. */
function replacedMs(refreshes: readonly Refresh[], sinceMs: number): number | null {
  const after = refreshes.filter(({ startMs }) => startMs >= sinceMs);
  const ends = after.map(({ endMs }) => endMs ?? Number.NaN);
  const last = Math.max(...ends);
  return after.length === 0 || Number.isNaN(last) ? null : last;
}
