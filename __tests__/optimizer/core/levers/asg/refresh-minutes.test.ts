import { describe, expect, it } from "vitest";
import { refreshMinutes } from "../../../../../optimizer/core/levers/asg/refresh-minutes.ts";

describe("the time of an instance refresh", () => {
  it.each([
    { instances: 1, warmUpSeconds: 300, minutes: 12 },
    { instances: 15, warmUpSeconds: 300, minutes: 180 },
    { instances: 20, warmUpSeconds: 300, minutes: 120 },
    { instances: 29, warmUpSeconds: 300, minutes: 180 },
    { instances: 15, warmUpSeconds: 0, minutes: 105 },
    { instances: 0, warmUpSeconds: 300, minutes: 0 },
  ])("of $instances instances, each warmed up for $warmUpSeconds s, is $minutes min", ({ instances, warmUpSeconds, minutes }) => {
    expect(refreshMinutes(instances, warmUpSeconds)).toBe(minutes);
  });
});
