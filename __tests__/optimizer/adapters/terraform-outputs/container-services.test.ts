import { describe, expect, it } from "vitest";
import { parsed, tf } from "../../../support/parsed-outputs.ts";

const arn = (name: string): string => `arn:aws:ecs:us-east-1:123456789012:service/${name}`;

describe("services that the outputs name", () => {
  it.each<[string, Record<string, unknown>, readonly string[] | undefined]>([
    ["are in the one cluster that is named beside them", { ecs_cluster_name: "main", ecs_service_names: ["app", "jobs"] }, ["main/app", "main/jobs"]],
    ["say their cluster by their ARN", { ecs_service_names: [arn("other/app")] }, ["other/app"]],
    ["are found once, however often they are named", { ecs_cluster_name: "main", ecs_service_names: ["app", arn("main/app")] }, ["main/app"]],
    ["are none without a cluster", { ecs_service_names: ["app"] }, undefined],
    ["are in the one cluster by an ARN of before 2018, which names none", { ecs_cluster_name: "main", ecs_service_names: [arn("app")] }, ["main/app"]],
    ["are none by such an ARN without a cluster", { ecs_service_names: [arn("app")] }, undefined],
    [
      "are in the cluster that is told of in the same words",
      { blue_ecs_cluster_name: "b", blue_ecs_service_name: "app", green_ecs_cluster_name: "g", green_ecs_service_name: "app" },
      ["b/app", "g/app"],
    ],
    ["are in no cluster of others", { blue_ecs_cluster_name: "b", green_ecs_cluster_name: "g", jobs_ecs_service_name: "app" }, undefined],
  ])("%s", (_, outputs, found) => {
    const { deployments } = parsed(tf({ stack_region: "us-east-1", ...outputs }));
    expect(deployments[0]?.containerServices).toEqual(found);
  });

  it("are in the cluster of their map", () => {
    const outputs = {
      stack_region: "us-east-1",
      blue: { ecs_cluster_name: "b", ecs_service_name: "app" },
      green: { ecs_cluster_name: "g", ecs_service_name: "app" },
    };
    expect(parsed(outputs).deployments[0]?.containerServices).toEqual(["b/app", "g/app"]);
  });

  it("are told of where the outputs do not say in which cluster they are", () => {
    const { missing } = parsed(tf({ stack_region: "us-east-1", ecs_service_names: ["app"] }));
    expect(missing).toContainEqual(expect.objectContaining({ component: "ECS service", reason: expect.stringContaining("ecs_cluster_name") }));
  });
});
