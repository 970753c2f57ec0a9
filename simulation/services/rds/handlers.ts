import { mutation, query, type ServiceHandlers } from "../../service-handler.ts";
import { describeDbClusters, describeDbInstances, describeGlobalClusters, listTagsForResource } from "./describe.ts";
import { failoverDbCluster } from "./failover.ts";
import { modifyDbInstance } from "./modify-instance.ts";

export const rdsHandlers = {
  DescribeDBClusters: query(describeDbClusters),
  DescribeDBInstances: query(describeDbInstances),
  DescribeGlobalClusters: query(describeGlobalClusters),
  ListTagsForResource: query(listTagsForResource),
  ModifyDBInstance: mutation(modifyDbInstance),
  FailoverDBCluster: mutation(failoverDbCluster),
} satisfies ServiceHandlers;
