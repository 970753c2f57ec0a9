import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "tap-main-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The app as cdktf runs it, with these `TAP_*` variables only, in a folder that may hold a `tap.config.json`. */
function run(variables: Readonly<Record<string, string>>, cwd = root) {
  const outdir = join(scratch, "deep", "out");
  const { PATH = "" } = process.env;
  const env = { PATH, CDKTF_OUTDIR: outdir, ...variables };
  return { ...spawnSync(process.execPath, [join(root, "scripts", "app.mjs")], { cwd, env, encoding: "utf8" }), outdir };
}

describe("the cdktf app", () => {
  it("writes both stacks, quietly where there is nothing to warn of", () => {
    const { status, stdout, stderr, outdir } = run({ TAP_AURORA_ENGINE_VERSION: "8.0.mysql_aurora.3.10.0" });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(readdirSync(join(outdir, "stacks")).sort()).toEqual(["primary", "secondary"]);
  });

  it("warns in staging, too, of a database's version that AWS will bill more for", () => {
    const { status, stdout, stderr } = run({});
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    expect(stderr).toMatch(/^warning: auroraEngineVersion: .+\n {4}TAP_AURORA_ENGINE_VERSION=8\.0\.mysql_aurora\.3\.10\.0 /);
  });

  it("tells what is wrong with the settings and what helps, without a stack trace, and ends with 2", () => {
    const { status, stderr } = run({ TAP_ENVIRONMENT: "production" });
    expect(status).toBe(2);
    expect(stderr).toContain("production has no certificate for us-east-1");
    expect(stderr).toContain("TAP_CERTIFICATE_ARN");
    expect(stderr).not.toContain("    at ");
  });

  it("reads the first boot's file from where it runs, and refuses a folder as it does what is not there", () => {
    const folder = join(scratch, "boot");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "boot.sh"), "#!/bin/bash\nsystemctl start shop\n");
    expect(run({ TAP_USER_DATA_FILE: "boot.sh" }, folder).status).toBe(0);
    for (const wrong of ["gone.sh", "."]) {
      const { status, stderr } = run({ TAP_USER_DATA_FILE: wrong }, folder);
      expect(status).toBe(2);
      expect(stderr).toContain(`userDataFile: ${wrong} is not there, or is no file that can be read`);
    }
  });

  it("reads sizes from the folder it is told", () => {
    sizingFile({ version: 1, redis: { shards: 0 } });
    const { status, stderr } = run({ TAP_SIZING_DIR: join(scratch, "sizing") });
    expect(status).toBe(2);
    expect(stderr).toContain("sizing/staging/primary.json: redis.shards");
  });

  it("reports all that is wrong together, each with its path and a hint", () => {
    const folder = join(scratch, "wrong");
    const sizing = { primary: { compute: { instanceType: "m6g.4xlarge" }, tables: { invoices: { stream: "off" } } } };
    const configuration = {
      blueprint: "mesh",
      environment: "production",
      suffix: "longer-than-a-target-group",
      regions: ["us-east-1", "us-west-2", "us-east-1"],
      cidr: { "us-east-1": "10.10.0.0/16", "us-west-2": "10.10.128.0/17" },
      zones: { "us-east-1": ["a", "b"] },
      certificateArn: ["arn:aws:acm:us-east-1:123456789012:certificate/east"],
      sizing,
    };
    mkdirSync(folder);
    writeFileSync(join(folder, "tap.config.json"), JSON.stringify(configuration));
    const { status, stdout, stderr } = run({}, folder);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    const lines = stderr.split("\n");
    const hintOf = (start: string): string => (lines[lines.findIndex((line) => line.startsWith(`  - ${start}`)) + 1] ?? "").trim();
    expect(hintOf("tap.config.json: blueprint: Invalid")).toBe("correct it there");
    expect(hintOf("tap.config.json: suffix: longer than 15 characters")).toBe("correct it there");
    expect(hintOf("tap.config.json: zones.us-east-1: not three zones")).toBe("correct it there");
    expect(hintOf("tap.config.json: sizing.primary: tables.invoices: the stack owns no such table")).toMatch(/^tables: tenants/);
    expect(hintOf("regions: us-east-1 stands there twice")).toBe("name each region once");
    expect(hintOf("cidr.us-west-2: 10.10.128.0/17 overlaps 10.10.0.0/16 of us-east-1")).toMatch(/a block of its own/);
    expect(hintOf("certificateArn: production has no certificate for us-west-2")).toMatch(/ACM certificate in us-west-2/);
    expect(hintOf("primary: compute.instanceType: m6g.4xlarge is of arm64")).toMatch(/Intel or AMD/);
  });

  it("names a file that is not JSON", () => {
    sizingFile("{");
    const { status, stderr } = run({ TAP_SIZING_DIR: join(scratch, "sizing") });
    expect(status).toBe(2);
    expect(stderr).toMatch(/primary\.json is not JSON/);
  });
});

function sizingFile(content: object | string): void {
  mkdirSync(join(scratch, "sizing", "staging"), { recursive: true });
  writeFileSync(join(scratch, "sizing", "staging", "primary.json"), typeof content === "string" ? content : JSON.stringify(content));
}
