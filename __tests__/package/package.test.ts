import { spawn } from "node:child_process";
import { mkdtemp, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ended, type Ended } from "../support/optimizer-process.ts";

const root = join(import.meta.dirname, "../..");
let scratch = "";
let user = "";

/** As somebody types it; npm looks into a cache of its own that is empty, and may ask nobody. */
function run(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:AWS_|TAP_|npm_|NODE_ENV)/i.test(name));
  const environment = { ...Object.fromEntries(kept), NO_COLOR: "1", npm_config_cache: join(scratch, "cache"), npm_config_update_notifier: "false" };
  return ended(spawn(program, args, { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"] }));
}

function optimizer(...args: readonly string[]): Promise<Ended> {
  return run("npx", ["--offline", "optimizer", ...args], user);
}

describe("the package, packed and installed in an empty folder without a network", () => {
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), "tap-package-"));
    user = join(scratch, "user");
    await mkdir(user);
    const packed = await run("npm", ["pack", "--pack-destination", scratch], root);
    expect(packed.code, packed.err).toBe(0);
    const tarball = (await readdir(scratch)).find((name) => name.endsWith(".tgz"));
    const installed = await run("npm", ["install", "--offline", join(scratch, tarball ?? "no tarball")], user);
    expect(installed.code, installed.err).toBe(0);
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  it("brings what it runs built, the schemas and the licences of what is in it: no sources, tests or tools, and no other package", async () => {
    expect((await readdir(join(user, "node_modules"))).filter((name) => !name.startsWith("."))).toEqual(["tap"]);
    const files = await readdir(join(user, "node_modules/tap"), { recursive: true });
    expect(files.filter((file) => /\.(?:ts|map|tsx)$|__tests__|scripts|(?:^|\/)(?:simulation|stacks|bench)(?:\/|$)/.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "docs/optimizer.config.schema.json", "docs/scenario.schema.json", "docs/iam-read.json"]));
    const licences = await readFile(join(user, "node_modules/tap/dist/third-party-licences.txt"), "utf8");
    for (const name of ["cdktf 0.21.0 (MPL-2.0)", "plotly.js-cartesian-dist-min", "@aws-sdk/client-ec2", "zod"]) expect(licences).toContain(name);
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(user, "node_modules/tap", file))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(16 * 1024 * 1024);
  });

  it("answers as a checkout does: help, version, scenarios, a mistake", async () => {
    const help = await optimizer("--help");
    expect(help.out).toContain("Makes a running AWS deployment cheaper");
    expect(help.code).toBe(0);
    expect((await optimizer("--version")).out.trim()).toMatch(/^\d+\.\d+\.\d+$/);
    expect((await optimizer("scenarios")).out).toContain("story");
    const mistaken = await optimizer("plan", "--stat", "x");
    expect(mistaken.code).toBe(2);
    expect(mistaken.err).toContain("did you mean --state?");
  });

  it("plays the demo, whose folder then plans again and writes the page of the plan", async () => {
    const demo = await optimizer("demo", "--json");
    expect(demo.code, demo.err).toBe(0);
    const story = JSON.parse(demo.out);
    expect(story.invariants.filter(({ holds }: { holds: boolean }) => !holds)).toEqual([]);
    expect(await readFile(join(user, story.dashboard), "utf8")).toContain("plotly.js (cartesian - minified)");
    const plan = await optimizer("plan", "--state", ".optimizer/demo");
    expect(plan.code, plan.err).toBe(0);
    expect(await readFile(join(user, "plan.html"), "utf8")).toContain("plotly.js (cartesian - minified)");
    const own = (await readdir(user)).filter((name) => !name.startsWith(".")).toSorted();
    expect(own).toEqual(["node_modules", "package-lock.json", "package.json", "plan.html", "plan.json"]);
  });
});
