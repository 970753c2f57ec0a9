import { mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { createPlanStore } from "../../../../optimizer/adapters/files/plan-store.ts";
import { hashOf } from "../../../../optimizer/core/model/hash.ts";
import { seriesId, type Observation } from "../../../../optimizer/core/model/observation.ts";
import type { Plan } from "../../../../optimizer/core/model/plan.ts";
import type { MadePlan } from "../../../../optimizer/ports/run-store.ts";
import { frozen } from "../../../support/frozen.ts";
import { samplePlan } from "../../../support/sample-run.ts";

const observation: Observation = {
  key: {
    region: "us-east-1",
    namespace: "AWS/EC2",
    metric: "CPUUtilization",
    dimensions: { AutoScalingGroupName: "g" },
    statistic: "Average",
    periodSeconds: 3600,
  },
  unit: "Percent",
  startMs: 0,
  values: Float64Array.of(1, Number.NaN, 0.1),
  status: "complete",
};
const baseline = frozen({
  span: { startMs: 0, endMs: 10_800_000 },
  metricRequests: 1,
  observations: new Map([[seriesId(observation.key), observation]]),
});
const plan = samplePlan({ baselineHash: baseline.hash });
const made = (whole: Plan = plan): MadePlan => ({ baseline, planOn: (baselineHash) => ({ ...whole, baselineHash }) });

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tap-plans-"));
});

describe("plans in a folder", () => {
  it("keeps a plan under the hash of its canonical JSON, with outputs and baseline, for its owner only", async () => {
    const { hash } = await createPlanStore(folder).save(made(), '{"asg_name":"g"}');
    expect(hash).toBe(hashOf(plan));
    const planFolder = join(folder, "plans", hash);
    expect((await readdir(planFolder)).toSorted()).toEqual(["baseline.txt", "outputs.json", "plan.json"]);
    for (const name of await readdir(planFolder)) expect((await stat(join(planFolder, name))).mode & 0o777).toBe(0o600);
    expect(await createPlanStore(folder).load(hash)).toEqual({ hash, plan: JSON.parse(JSON.stringify(plan)) });
  });

  it("keeps the URL of a webhook beside the plan, for its owner only: the plan itself shows no more than its host", async () => {
    const store = createPlanStore(folder);
    const url = "https://hooks.example.com/services/T0K3N";
    const policy = { ...plan.policy, paging: { ...plan.policy.paging, webhookUrl: url } };
    const stored = await store.save(made({ ...plan, policy }), "{}");
    expect(stored.plan.policy.paging.webhookUrl).toMatch(/^https:\/\/hooks\.example\.com\/\[redacted /);
    const planFolder = join(folder, "plans", stored.hash);
    expect(await readFile(join(planFolder, "plan.json"), "utf8")).not.toContain("T0K3N");
    expect((await stat(join(planFolder, "webhook-url.txt"))).mode & 0o777).toBe(0o600);
    expect(await store.webhookUrl(stored.hash)).toBe(url);
    expect((await createPlanStore(folder).load(stored.hash)).plan.policy.paging).toEqual(stored.plan.policy.paging);
    const other = await store.save(made({ ...plan, policy: { ...policy, paging: { ...policy.paging, webhookUrl: `${url}-2` } } }), "{}");
    expect(other.hash).not.toBe(stored.hash);
    expect(await store.webhookUrl((await store.save(made(), "{}")).hash)).toBeUndefined();
  });

  it("gives the baseline back by its hash, absent points included", async () => {
    const store = createPlanStore(folder);
    await store.save(made(), "{}");
    expect(await store.baseline(baseline.hash)).toEqual(baseline);
    await expect(store.baseline("0".repeat(64))).rejects.toMatchObject({ code: "baseline-unknown" });
  });

  it("runs a plan file anywhere, however it is laid out, when it is exactly a stored plan", async () => {
    const store = createPlanStore(folder);
    const { hash } = await store.save(made(), "{}");
    const file = join(folder, "plan.json");
    await writeFile(file, JSON.stringify(plan, null, 2));
    expect((await store.loadFile(file)).hash).toBe(hash);
    await writeFile(file, JSON.stringify({ ...plan, createdAtMs: plan.createdAtMs + 1 }));
    await expect(store.loadFile(file)).rejects.toMatchObject({ code: "plan-unknown" });
  });

  it("leaves nothing behind of a plan that could not be made on its baseline", async () => {
    const lost = new Error("no plan");
    const planOn = (): never => {
      throw lost;
    };
    await expect(createPlanStore(folder).save({ baseline, planOn }, "{}")).rejects.toBe(lost);
    expect(await readdir(join(folder, "plans"))).toEqual([]);
  });

  it("refuses a stored plan or baseline that was altered", async () => {
    const store = createPlanStore(folder);
    const { hash } = await store.save(made(), "{}");
    const baselinePath = join(folder, "plans", hash, "baseline.txt");
    await writeFile(baselinePath, (await readFile(baselinePath, "utf8")).replace('"metricRequests":1', '"metricRequests":2'));
    await expect(store.baseline(baseline.hash)).rejects.toMatchObject({ message: expect.stringContaining("was altered") });
    // Whatever this process read before.
    expect((await store.load(hash)).plan).toEqual((await store.load(hash)).plan);
    await writeFile(join(folder, "plans", hash, "plan.json"), JSON.stringify({ ...plan, accountId: "111122223333" }));
    await expect(store.load(hash)).rejects.toMatchObject({ code: "plan-unknown", message: expect.stringContaining("was altered") });
  });

  it.each([
    ["an unknown version", '{"version":3}', "plan-version"],
    ["no version", "[]", "plan-version"],
    ["no JSON", "{", "plan-invalid"],
  ])("refuses a plan file with %s", async (_, text, code) => {
    const file = join(folder, "plan.json");
    await writeFile(file, text);
    await expect(createPlanStore(folder).loadFile(file)).rejects.toMatchObject({ code });
  });

  it("tells a missing file and an unknown or malformed hash", async () => {
    const store = createPlanStore(folder);
    await expect(store.loadFile(join(folder, "none.json"))).rejects.toMatchObject({ code: "plan-missing" });
    await expect(store.load("f".repeat(64))).rejects.toMatchObject({ code: "plan-unknown" });
    await expect(store.load("../../x")).rejects.toMatchObject({ code: "bad-id" });
  });

  it("keeps secrets of outputs out of the state", async () => {
    const { hash } = await createPlanStore(folder).save(made(), '{"db_password":"canary-secret"}');
    expect(await readFile(join(folder, "plans", hash, "outputs.json"), "utf8")).not.toContain("canary-secret");
  });
});
