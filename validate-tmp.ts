import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { examples } from "/work/wt/stacks-a/scripts/blueprints/examples.ts";
import { synthesizedText, certificatesOf } from "/work/wt/stacks-a/__tests__/support/synthesized-stacks.ts";
const three = ["us-east-1", "us-west-2", "eu-west-1"];
const cases: [string, object][] = examples.map((e) => [e.name, e.configuration]);
const of = (n: string) => examples.find((e) => e.name === n)!.configuration;
const add = (n: string, name: string, c: object) => cases.push([`${n}+${name}`, { ...of(n), ...c }]);
add("saas-production", "domain", { domain: "shop.example.com" });
add("saas-production", "advanced", { databaseInsights: "advanced" });
add("saas-production", "310", { auroraEngineVersion: "8.0.mysql_aurora.3.10.0" });
add("saas-production", "functions", { functions: true });
add("saas-production", "given-up", { sizing: { secondary: { regionAbsent: true } } });
add("saas-production", "three", { regions: three, certificateArn: certificatesOf(three) });
add("web-production", "finance", { preset: "finance" });
add("web-production", "default-peering", { network: "default", peering: "dedicated" });
add("web-production", "84", { rdsEngineVersion: "8.4" });
add("streaming-production", "pg16", { postgresEngineVersion: "16.8" });
add("streaming-production", "pg18", { postgresEngineVersion: "18.1" });
const root = "/tmp/validate-stacks-a";
rmSync(root, { recursive: true, force: true });
let failed = 0;
for (const [name, configFile] of cases) {
  for (const [stack, text] of Object.entries(synthesizedText({ configFile, variables: {}, readSizing: () => undefined }))) {
    const cwd = join(root, `${name}-${stack}`);
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, "cdk.tf.json"), text);
    const init = spawnSync("terraform", ["init", "-backend=false", "-input=false", "-no-color"], { cwd, encoding: "utf8" });
    const val = spawnSync("terraform", ["validate", "-no-color"], { cwd, encoding: "utf8" });
    if (val.status !== 0) { failed++; console.log(name, stack, init.stderr, val.stdout, val.stderr); } else console.log(name, stack, "valid");
    rmSync(cwd, { recursive: true, force: true });
  }
}
console.log("failed", failed);
