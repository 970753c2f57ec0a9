import { query, type Service } from "../../account/service.ts";
import { balancerTypes } from "./deploy-balancers.ts";
import { describeLoadBalancers, describeTags, describeTargetGroupAttributes, describeTargetGroups, describeTargetHealth } from "./describe.ts";
import { balancerSeries } from "./metrics.ts";
import { errors } from "./target-group.ts";

export const elb: Service = {
  name: "elb",
  api: {
    client: "ElasticLoadBalancingV2Client",
    errors,
    commands: {
      DescribeLoadBalancers: query(describeLoadBalancers),
      DescribeTargetGroups: query(describeTargetGroups),
      DescribeTargetGroupAttributes: query(describeTargetGroupAttributes),
      DescribeTags: query(describeTags),
      DescribeTargetHealth: query(describeTargetHealth),
    },
  },
  resources: balancerTypes,
  metrics: { "AWS/ApplicationELB": { percentiles: true, series: balancerSeries } },
};
