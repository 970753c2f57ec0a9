import { mutation, query, type ServiceHandlers } from "../../service-handler.ts";
import { describeAutoScalingGroups, describeTags } from "./describe-groups.ts";
import { describePolicies } from "./describe-policies.ts";
import { cancelInstanceRefresh, describeInstanceRefreshes, startInstanceRefresh } from "./instance-refresh.ts";
import { updateAutoScalingGroup } from "./update-group.ts";

export const autoScalingHandlers = {
  DescribeAutoScalingGroups: query(describeAutoScalingGroups),
  DescribePolicies: query(describePolicies),
  DescribeTags: query(describeTags),
  DescribeInstanceRefreshes: query(describeInstanceRefreshes),
  UpdateAutoScalingGroup: mutation(updateAutoScalingGroup),
  StartInstanceRefresh: mutation(startInstanceRefresh),
  CancelInstanceRefresh: mutation(cancelInstanceRefresh),
} satisfies ServiceHandlers;
