import { z } from "zod";
import { Demand, type Scenario } from "../scenario/scenario.ts";

/**
 * Whether the groups and services of a region follow their scaling policies. Optional and without a default: it would be a value of every
 * scenario, and state folders of before would belong to another one.
 */
export const scaling = new Demand(
  "scaling",
  z
    .literal("followed")
    .optional()
    .describe("followed: Auto Scaling groups and services grow and shrink as their policies and scheduled actions say. Absent: they keep their size."),
);

export function followsPolicies(scenario: Scenario, region: string): boolean {
  return scaling.of(scenario, region) === "followed";
}
