import { describe, expect, it } from "vitest";
import { parsed, tf } from "../../../support/parsed-outputs.ts";

const arn = (region: string, id: string): string => `arn:aws:rds:${region}:123456789012:db:${id}`;

describe("RDS instances that the outputs name", () => {
  it.each<[string, Record<string, unknown>, readonly string[]]>([
    ["by their identifier", { rds_instance_id: "tap-prod-mysql" }, ["tap-prod-mysql"]],
    ["by their ARN, where the key says what it is", { rds_instance_id: arn("us-east-1", "tap-prod-mysql") }, ["tap-prod-mysql"]],
    ["never by an ARN alone: members of clusters have the same", { somewhere: arn("us-east-1", "tap-prod-aurora-1") }, []],
    ["in no other way", { rds_instance_id: "not an identifier" }, []],
  ])("%s", (_, outputs, found) => {
    const { deployments } = parsed(tf({ stack_region: "us-east-1", asg_name: "web", ...outputs }));
    expect(deployments.map(({ rdsInstances }) => rdsInstances)).toEqual([found]);
  });

  it("by another key that is mapped", () => {
    const { deployments } = parsed(tf({ stack_region: "us-east-1", asg_name: "web", main_db: "orders" }), { map: ["rds_instance_id=main_db"] });
    expect(deployments[0]?.rdsInstances).toEqual(["orders"]);
  });
});
