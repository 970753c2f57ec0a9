import { describe, expect, it } from "vitest";
import { parsed, tf } from "../../../support/parsed-outputs.ts";

const arn = (name: string): string => `arn:aws:ecs:us-east-1:123456789012:service/${name}`;

describe("services that the outputs name", () => {
  it.each<[string, Record<string, unknown>, readonly string[] | undefined]>([
    ["are in the one cluster that is named beside them", { ecs_cluster_name: "main", ecs_service_names: ["app", "jobs"] }, ["main/app", "main/jobs"]],
    ["say their cluster by their ARN", { ecs_service_names: [arn("other/app")] }, ["other/app"]],
    ["are found once, however often they are named", { ecs_cluster_name: "main", ecs_service_names: ["app", arn("main/app")] }, ["main/app"]],
    ["are none without a cluster", { ecs_service_names: ["app"] }, undefined],
    ["are none by an ARN of before 2018, which names no cluster", { ecs_cluster_name: "main", ecs_service_names: [arn("app")] }, undefined],
  ])("%s", (_, outputs, found) => {
    const { deployments } = parsed(tf({ stack_region: "us-east-1", ...outputs }));
    expect(deployments[0]?.containerServices).toEqual(found);
  });

  it("are told of where the outputs do not say in which cluster they are", () => {
    const { missing } = parsed(tf({ stack_region: "us-east-1", ecs_service_names: ["app"] }));
    expect(missing).toContainEqual(expect.objectContaining({ component: "ECS service", reason: expect.stringContaining("ecs_cluster_name") }));
  });
});
