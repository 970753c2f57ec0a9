import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { parsePolicy, readPolicy } from "../../../../optimizer/adapters/policy/read-policy.ts";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tap-policy-"));
});

describe("the policy file", () => {
  it("is optional in the folder: without it the defaults hold", async () => {
    expect(await readPolicy({ folder })).toEqual(defaultPolicy);
  });

  it("is an error when it is named and missing", async () => {
    await writeFile(join(folder, "optimizer.config.json"), "{}");
    await expect(readPolicy({ folder, file: join(folder, "other.json") })).rejects.toMatchObject({
      code: "policy-missing",
      message: expect.stringContaining("other.json"),
    });
  });

  it("overrides what it names and keeps the rest, $schema aside", async () => {
    await writeFile(join(folder, "optimizer.config.json"), '\uFEFF{"$schema":"./policy.schema.json","baselineDays":30,"window":{"decision":"literal"}}');
    expect(await readPolicy({ folder })).toEqual({ ...defaultPolicy, baselineDays: 30, window: { ...defaultPolicy.window, decision: "literal" } });
  });

  it("reports all problems at once, each with its path", () => {
    const text = JSON.stringify({ baselineDays: 3, rules: { headroom: 2 }, window: { decison: "literal" } });
    expect(() => parsePolicy(text, "p.json")).toThrow(
      /^p\.json: 3 problems\n {2}baselineDays: .*\n {2}rules\.headroom: .*\n {2}window\.decison: there is no such setting; did you mean decision\?$/,
    );
  });

  it("names the nearest right value of a wrong one, and nothing for what is near to none", () => {
    expect(() => parsePolicy('{"rollout":"canari"}', "p.json")).toThrow(/^p\.json: rollout: .*, found "canari"; did you mean canary\?$/);
    expect(() => parsePolicy('{"rollout":"xyzzyplugh"}', "p.json")).toThrow(/found "xyzzyplugh"$/);
  });

  it.each<[string, object, RegExp]>([
    ["an instance type in capitals", { asgInstanceType: { target: "M5.2XLARGE" } }, /asgInstanceType\.target: is no EC2 instance type, such as m5\.2xlarge/],
    ["a class of RDS for a group", { asgInstanceType: { target: "db.m5.2xlarge" } }, /is no EC2 instance type/],
    ["an instance type for Aurora", { auroraWriterClass: { target: "r6g.xlarge" } }, /is no class of RDS instances, such as db\.r6g\.xlarge/],
    ["an instance type for RDS", { rdsInstanceClass: { target: "t3.small" } }, /is no class of RDS instances, such as db\.t3\.small/],
    ["an instance type for Redis", { redisSize: { targetNodeType: "r6g.xlarge" } }, /is no node type of ElastiCache, such as cache\.r6g\.xlarge/],
    ["a minimum above the maximum", { asgCapacity: { targetMin: 12, targetDesired: 8, targetMax: 6 } }, /are not in this order/],
    ["a desired number above the default maximum", { asgCapacity: { targetDesired: 40 } }, /are not in this order/],
  ])("refuses a target that is none: %s", (_, rules, message) => {
    expect(() => parsePolicy(JSON.stringify({ rules }), "p.json")).toThrow(message);
  });

  it.each([
    ["{", "policy-not-json"],
    ["[]", "policy-invalid"],
    ["null", "policy-invalid"],
    ['{"version":2}', "policy-invalid"],
  ])("refuses %s", (text, code) => {
    expect(() => parsePolicy(text, "p.json")).toThrow(expect.objectContaining({ code }));
  });
});
