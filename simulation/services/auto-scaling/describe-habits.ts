import type {
  DescribeLifecycleHooksCommandInput,
  DescribeLifecycleHooksCommandOutput,
  DescribeScheduledActionsCommandInput,
  DescribeScheduledActionsCommandOutput,
  DescribeWarmPoolCommandInput,
  DescribeWarmPoolCommandOutput,
} from "@aws-sdk/client-auto-scaling";
import { parseRecurrence, recurrencesWithin } from "../../../contract/recurrence.ts";
import { momentMs } from "../../scenario/references.ts";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { groupNamed, groupPage, nextToken } from "./describe.ts";
import { groups } from "./group.ts";
import { scheduledActionsOf } from "./set-by-hand.ts";

/** A recurrence that names a day of the year comes within one; the 29th of February alone may take longer, and is not looked for. */
const farthestMs = 366 * 86_400_000;

export function describeLifecycleHooks(input: DescribeLifecycleHooksCommandInput, { state, region }: CallContext): Answer<DescribeLifecycleHooksCommandOutput> {
  refuseUnmodelled("DescribeLifecycleHooks", input, ["AutoScalingGroupName"]);
  const group = groupNamed(state, region, input.AutoScalingGroupName);
  return {
    LifecycleHooks: group.byHand.lifecycleHooks.map((LifecycleHookName) => ({
      LifecycleHookName,
      AutoScalingGroupName: group.name,
      LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
      HeartbeatTimeout: 3600,
      DefaultResult: "ABANDON",
    })),
  };
}

export function describeScheduledActions(
  input: DescribeScheduledActionsCommandInput,
  { state, region, scenario, nowMs }: CallContext,
): Answer<DescribeScheduledActionsCommandOutput> {
  refuseUnmodelled("DescribeScheduledActions", input, ["AutoScalingGroupName", "MaxRecords", "NextToken"]);
  const { AutoScalingGroupName: name } = input;
  const asked = name === undefined ? state.of(groups).in(region) : [groupNamed(state, region, name)];
  const found = asked.flatMap((group) =>
    scheduledActionsOf(group.byHand).map(({ name: ScheduledActionName, recurrence, start, end, minSize, maxSize, desiredCapacity }) => ({
      AutoScalingGroupName: group.name,
      ScheduledActionName,
      Recurrence: recurrence,
      ...nextOf(recurrence, start === undefined ? nowMs : Math.max(nowMs, momentMs(start, Date.parse(scenario.start)))),
      ...(end === undefined ? {} : { EndTime: new Date(momentMs(end, Date.parse(scenario.start))) }),
      ...(minSize === undefined ? {} : { MinSize: minSize }),
      ...(maxSize === undefined ? {} : { MaxSize: maxSize }),
      ...(desiredCapacity === undefined ? {} : { DesiredCapacity: desiredCapacity }),
    })),
  );
  const page = groupPage(found, input);
  return { ScheduledUpdateGroupActions: [...page.items], ...nextToken(page) };
}

/** AWS tells when an action acts next, or first. */
function nextOf(recurrence: string, fromMs: number): { readonly StartTime?: Date; readonly Time?: Date } {
  const parsed = parseRecurrence(recurrence);
  const [next] = parsed === undefined ? [] : recurrencesWithin(parsed, fromMs - 1, fromMs + farthestMs);
  return next === undefined ? {} : { StartTime: new Date(next), Time: new Date(next) };
}

export function describeWarmPool(input: DescribeWarmPoolCommandInput, { state, region }: CallContext): Answer<DescribeWarmPoolCommandOutput> {
  refuseUnmodelled("DescribeWarmPool", input, ["AutoScalingGroupName", "MaxRecords", "NextToken"]);
  const group = groupNamed(state, region, input.AutoScalingGroupName);
  return { Instances: [], ...(group.byHand.warmPool ? { WarmPoolConfiguration: { MinSize: 0, PoolState: "Stopped" } } : {}) };
}
