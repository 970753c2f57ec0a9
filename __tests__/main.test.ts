import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "tap-main-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The app as cdktf runs it, with these `TAP_*` variables only. */
function run(variables: Readonly<Record<string, string>>) {
  const outdir = join(scratch, "deep", "out");
  const { PATH = "" } = process.env;
  return { ...spawnSync(process.execPath, ["scripts/app.mjs"], { cwd: root, env: { PATH, CDKTF_OUTDIR: outdir, ...variables }, encoding: "utf8" }), outdir };
}

describe("the cdktf app", () => {
  it("writes both stacks, quietly", () => {
    const { status, stdout, stderr, outdir } = run({});
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(readdirSync(join(outdir, "stacks")).sort()).toEqual(["primary", "secondary"]);
  });

  it("tells what is wrong with the settings and what helps, without a stack trace, and ends with 2", () => {
    const { status, stderr } = run({ TAP_ENVIRONMENT: "production" });
    expect(status).toBe(2);
    expect(stderr).toContain("production has no certificate for us-east-1");
    expect(stderr).toContain("TAP_CERTIFICATE_ARN");
    expect(stderr).not.toContain("    at ");
  });

  it("reads sizes from the folder it is told", () => {
    sizingFile({ version: 1, redis: { shards: 0 } });
    const { status, stderr } = run({ TAP_SIZING_DIR: join(scratch, "sizing") });
    expect(status).toBe(2);
    expect(stderr).toContain("sizing/staging/primary.json: redis.shards");
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
