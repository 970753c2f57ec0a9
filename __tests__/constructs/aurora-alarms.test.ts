import { describe, expect, it } from "vitest";
import { auroraAlarms } from "../../constructs/observability/aurora-alarms.ts";

const keys = (instanceClass: string) =>
  auroraAlarms({ clusterId: "tap-x-aurora", instanceClasses: [instanceClass], blueprintClass: instanceClass }).map(({ key }) => key);

describe("alarms of a database", () => {
  it("leave out what hangs on the class, where its figures are not known", () => {
    expect(keys("db.r6g.4xlarge")).toEqual(["aurora-cpu", "aurora-connections", "aurora-memory", "aurora-replica-lag"]);
    expect(keys("db.unheard.large")).toEqual(["aurora-cpu", "aurora-replica-lag"]);
  });

  it("stay where the figures of an adopted class are not known", () => {
    const alarms = auroraAlarms({ clusterId: "tap-x-aurora", instanceClasses: ["db.unheard.large"], blueprintClass: "db.r6g.large" });
    expect(alarms.find(({ key }) => key === "aurora-connections")?.threshold).toBe(800);
  });
});
