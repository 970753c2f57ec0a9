import { mutation, query, type Service } from "../../account/service.ts";
import { clusterStage, membersAt } from "./cluster-load.ts";
import { clusters, errors, instances } from "./cluster.ts";
import { createDbInstance } from "./create-instance.ts";
import { deleteDbInstance } from "./delete-instance.ts";
import { database } from "./demand.ts";
import { auroraTypes } from "./deploy-clusters.ts";
import { standaloneTypes } from "./deploy-standalone.ts";
import { describeDbClusters, describeDbInstances, describeGlobalClusters, listTagsForResource } from "./describe.ts";
import { describeEvents } from "./events.ts";
import { failoverDbCluster } from "./failover.ts";
import { clusterSeries } from "./metrics.ts";
import { modifyDbCluster } from "./modify-cluster.ts";
import { modifyDbInstance } from "./modify-instance.ts";
import { serverlessClass } from "./serverless-size.ts";
import { acuHours } from "./serverless-usage.ts";
import { describeDbClusterParameters, describeDbParameters, describeOrderableDbInstanceOptions } from "./parameters.ts";
import { standaloneStage } from "./standalone-load.ts";
import { standaloneSeries } from "./standalone-metrics.ts";
import { standaloneInstances } from "./standalone.ts";
import {
  describeBlueGreenDeployments,
  describeDbClusterEndpoints,
  describeDbProxies,
  describeDbProxyTargets,
  describePendingMaintenanceActions,
} from "./surroundings.ts";

export const rds: Service = {
  name: "rds",
  api: {
    client: "RDSClient",
    errors,
    commands: {
      DescribeDBClusters: query(describeDbClusters),
      DescribeDBInstances: query(describeDbInstances),
      DescribeEvents: query(describeEvents),
      DescribeGlobalClusters: query(describeGlobalClusters),
      DescribeDBClusterEndpoints: query(describeDbClusterEndpoints),
      DescribePendingMaintenanceActions: query(describePendingMaintenanceActions),
      DescribeBlueGreenDeployments: query(describeBlueGreenDeployments),
      DescribeDBProxies: query(describeDbProxies),
      DescribeDBProxyTargets: query(describeDbProxyTargets),
      DescribeDBClusterParameters: query(describeDbClusterParameters),
      DescribeDBParameters: query(describeDbParameters),
      DescribeOrderableDBInstanceOptions: query(describeOrderableDbInstanceOptions),
      ListTagsForResource: query(listTagsForResource),
      CreateDBInstance: mutation(createDbInstance),
      DeleteDBInstance: mutation(deleteDbInstance),
      ModifyDBInstance: mutation(modifyDbInstance),
      ModifyDBCluster: mutation(modifyDbCluster),
      FailoverDBCluster: mutation(failoverDbCluster),
    },
  },
  resources: { ...auroraTypes, ...standaloneTypes },
  demands: [database],
  capacity: (state, region) => [
    ...state
      .of(clusters)
      .in(region)
      .flatMap((cluster) => [cluster.state, ...(cluster.capacityRange === undefined ? [] : [cluster.capacityRange])]),
    ...state
      .of(instances)
      .in(region)
      .map((instance) => instance.state),
    ...state
      .of(standaloneInstances)
      .in(region)
      .map((instance) => instance.state),
  ],
  stage: (model, region, balancer) => clusterStage(model, region, balancer) ?? standaloneStage(model, region, balancer),
  metrics: { "AWS/RDS": { percentiles: true, series: (model, question) => standaloneSeries(model, question) ?? clusterSeries(model, question) } },
  usage: {
    billedAs: "Amazon Relational Database Service",
    instances: {
      commitment: "aurora",
      usage: "InstanceUsage",
      running: (state, region, atMs) => [
        ...state
          .of(clusters)
          .in(region)
          .flatMap((cluster) => membersAt(state, cluster, atMs) ?? [])
          .filter(({ instanceClass }) => instanceClass !== serverlessClass)
          .map(({ instanceClass }) => ({ type: instanceClass, count: 1 })),
        ...state
          .of(standaloneInstances)
          .in(region)
          .flatMap((instance) => {
            const type = instance.state.at(atMs)?.instanceClass;
            if (type === undefined) return [];
            return [{ type, count: 1, ...(instance.multiAz ? { commitment: "rds-multi-az", usage: "Multi-AZUsage" } : { commitment: "rds" }) }];
          }),
      ],
    },
    units: acuHours,
  },
};
