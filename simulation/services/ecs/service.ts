import { mutation, query, type Service } from "../../account/service.ts";
import { cluster, ecsServices, service } from "./container-service.ts";
import {
  describeClusters,
  describeServiceDeployments,
  describeServiceRevisions,
  describeServices,
  listClusters,
  listServiceDeployments,
  listServices,
} from "./describe.ts";
import { hoursUsed, serviceStage } from "./load.ts";
import { serviceSeries } from "./metrics.ts";
import { deregisterTaskDefinition, describeTaskDefinition, errors, registerTaskDefinition, taskDefinition } from "./task-definition.ts";
import { describeTasks, listTasks } from "./tasks.ts";
import { updateService } from "./update-service.ts";

const metrics = { percentiles: false, series: serviceSeries };

export const ecs: Service = {
  name: "ecs",
  api: {
    client: "ECSClient",
    errors,
    commands: {
      DeregisterTaskDefinition: mutation(deregisterTaskDefinition),
      DescribeClusters: query(describeClusters),
      DescribeServiceDeployments: query(describeServiceDeployments),
      DescribeServiceRevisions: query(describeServiceRevisions),
      DescribeServices: query(describeServices),
      DescribeTaskDefinition: query(describeTaskDefinition),
      DescribeTasks: query(describeTasks),
      ListClusters: query(listClusters),
      ListServiceDeployments: query(listServiceDeployments),
      ListServices: query(listServices),
      ListTasks: query(listTasks),
      RegisterTaskDefinition: mutation(registerTaskDefinition),
      UpdateService: mutation(updateService),
    },
  },
  resources: { aws_ecs_cluster: cluster, aws_ecs_task_definition: taskDefinition, aws_ecs_service: service },
  capacity: (state, region) =>
    state
      .of(ecsServices)
      .in(region)
      .map((each) => each.state),
  stage: serviceStage,
  applicationInstances: (state, region, atMs) =>
    state
      .of(ecsServices)
      .in(region)
      .reduce((sum, { state: now }) => sum + Object.values(now.at(atMs)?.running ?? {}).reduce((tasks, count) => tasks + count, 0), 0),
  metrics: { "AWS/ECS": metrics, "ECS/ContainerInsights": metrics },
  // The bill names the service: clusters and services cost nothing, the processors and memory of their tasks do.
  usage: { billedAs: "Amazon Elastic Container Service", units: hoursUsed },
};
