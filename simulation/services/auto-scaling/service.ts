import { mutation, query, type Service } from "../../account/service.ts";
import { application } from "../../shared/application.ts";
import { fleets } from "../../shared/fleet.ts";
import { scaling } from "../../shared/scaling.ts";
import { groupTypes } from "./deploy-groups.ts";
import { describeLifecycleHooks, describeScheduledActions, describeWarmPool } from "./describe-habits.ts";
import { describePolicies, startingAlarms } from "./describe-policies.ts";
import { describeAutoScalingGroups, describeTags } from "./describe.ts";
import { errors, groups } from "./group.ts";
import { cancelInstanceRefresh, describeInstanceRefreshes, startInstanceRefresh } from "./instance-refresh.ts";
import { capacityAt, groupStage } from "./load.ts";
import { groupSeries } from "./metrics.ts";
import { groupsByHand } from "./set-by-hand.ts";
import { updateAutoScalingGroup } from "./update-group.ts";

const metrics = { percentiles: true, series: groupSeries };

export const autoScaling: Service = {
  name: "auto-scaling",
  api: {
    client: "AutoScalingClient",
    errors,
    commands: {
      DescribeAutoScalingGroups: query(describeAutoScalingGroups),
      DescribePolicies: query(describePolicies),
      DescribeLifecycleHooks: query(describeLifecycleHooks),
      DescribeScheduledActions: query(describeScheduledActions),
      DescribeWarmPool: query(describeWarmPool),
      DescribeTags: query(describeTags),
      DescribeInstanceRefreshes: query(describeInstanceRefreshes),
      UpdateAutoScalingGroup: mutation(updateAutoScalingGroup),
      StartInstanceRefresh: mutation(startInstanceRefresh),
      CancelInstanceRefresh: mutation(cancelInstanceRefresh),
    },
  },
  resources: groupTypes,
  demands: [application, groupsByHand, scaling],
  capacity: (state, region) =>
    state
      .of(groups)
      .in(region)
      .map((group) => group.instances),
  stage: groupStage,
  applicationInstances: (state, region, atMs) =>
    state
      .of(fleets)
      .in(region)
      .reduce((sum, { instances }) => sum + (instances.at(atMs) ?? []).filter(({ lifecycleState }) => lifecycleState === "InService").length, 0),
  metrics: { "AWS/EC2": metrics, CWAgent: metrics, "AWS/AutoScaling": { ...metrics, percentiles: false } },
  alarms: startingAlarms,
  // The bill names EC2: groups cost nothing, their instances do.
  usage: {
    billedAs: "Amazon Elastic Compute Cloud - Compute",
    instances: {
      commitment: "ec2",
      usage: "BoxUsage",
      running: (state, region, atMs) =>
        state
          .of(groups)
          .in(region)
          .flatMap((group) => Object.entries(capacityAt(group, atMs)?.instances ?? {}).map(([type, count]) => ({ type, count }))),
    },
  },
};
