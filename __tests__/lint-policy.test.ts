import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const run = promisify(execFile);

/** Code that the policy must refuse, by rule; each stands in its own file of a folder shaped like ours. */
const refused: readonly (readonly [file: string, rule: string, code: string])[] = [
  ["optimizer/core/a/to-adapter.ts", "no-restricted-imports", `import { x } from "../../adapters/files/x.ts";\nexport const y = x;`],
  ["optimizer/core/a/to-port.ts", "no-restricted-imports", `import type { X } from "../../ports/x.ts";\nexport type Y = X;`],
  ["optimizer/core/a/to-app.ts", "no-restricted-imports", `export { x } from "../../app/x.ts";`],
  ["optimizer/core/a/to-sdk.ts", "no-restricted-imports", `import type { RDSClient } from "@aws-sdk/client-rds";\nexport type Y = RDSClient;`],
  ["optimizer/core/a/to-file.ts", "no-restricted-imports", `import { readFileSync } from "node:fs";\nexport const y = readFileSync;`],
  ["optimizer/core/a/process.ts", "no-restricted-globals", `export const y = process.env;`],
  ["optimizer/core/a/console.ts", "no-restricted-globals", `console.log(1);\nexport const y = 1;`],
  ["optimizer/core/a/timer.ts", "no-restricted-globals", `export const y = () => setTimeout(() => undefined, 1);`],
  ["optimizer/core/a/now.ts", "no-restricted-properties", `export const y = () => Date.now();`],
  ["optimizer/core/a/random.ts", "no-restricted-properties", `export const y = () => Math.random();`],
  ["optimizer/core/a/date.ts", "no-raw-construction", `export const y = () => new Date();`],
  ["optimizer/core/a/error.ts", "no-raw-construction", `export const y = () => { throw new Error("x"); };`],
  ["optimizer/core/a/default.ts", "no-default-export", `const y = 1;\nexport default y;`],
  ["optimizer/core/a/any.ts", "no-explicit-any", `export const y = (x: any) => String(x);`],
  ["optimizer/core/a/empty-catch.ts", "no-empty", `export const y = () => { try { JSON.parse(""); } catch {} };`],
  ["optimizer/core/a/barrel.ts", "no-barrel-file", `export * from "./now.ts";`],
  ["optimizer/core/a/round.ts", "no-cycle", `import { b } from "./trip.ts";\nexport const a = () => b;`],
  ["optimizer/core/a/trip.ts", "no-cycle", `import { a } from "./round.ts";\nexport const b = () => a;`],
  ["optimizer/core/a/type-round.ts", "no-cycle", `import type { B } from "./type-trip.ts";\nexport interface A { readonly b: B }`],
  ["optimizer/core/a/type-trip.ts", "no-cycle", `import type { A } from "./type-round.ts";\nexport interface B { readonly a: A }`],
  ["optimizer/ports/to-sdk.ts", "no-restricted-imports", `import type { RDSClient } from "@aws-sdk/client-rds";\nexport type Y = RDSClient;`],
  ["optimizer/app/to-adapter.ts", "no-restricted-imports", `import { x } from "../adapters/aws/x.ts";\nexport const y = x;`],
  ["optimizer/app/to-composition.ts", "no-restricted-imports", `import { x } from "../composition/x.ts";\nexport const y = x;`],
  ["optimizer/dashboard/to-port.ts", "no-restricted-imports", `import type { X } from "../ports/x.ts";\nexport type Y = X;`],
  ["optimizer/commands/to-file.ts", "no-restricted-imports", `import { readFileSync } from "node:fs";\nexport const y = readFileSync;`],
  ["optimizer/adapters/aws/to-files.ts", "no-restricted-imports", `import { x } from "../files/x.ts";\nexport const y = x;`],
  ["optimizer/adapters/files/to-sdk.ts", "no-restricted-imports", `import type { RDSClient } from "@aws-sdk/client-rds";\nexport type Y = RDSClient;`],
  ["optimizer/adapters/aws/to-simulation.ts", "no-restricted-imports", `import { x } from "../../../simulation/x.ts";\nexport const y = x;`],
  ["simulation/to-optimizer.ts", "no-restricted-imports", `import { x } from "../optimizer/core/x.ts";\nexport const y = x;`],
  ["simulation/to-cdktf.ts", "no-restricted-imports", `import { App } from "cdktf";\nexport const y = App;`],
  ["simulation/services/dynamodb/to-other.ts", "no-restricted-imports", `import { x } from "../rds/x.ts";\nexport const y = x;`],
  ["simulation/services/dynamodb/to-registry.ts", "no-restricted-imports", `import { x } from "../../services.ts";\nexport const y = x;`],
  ["simulation/load/to-service.ts", "no-restricted-imports", `import { x } from "../services/rds/x.ts";\nexport const y = x;`],
  ["contract/to-stacks.ts", "no-restricted-imports", `import { x } from "../stacks/x.ts";\nexport const y = x;`],
  ["constructs/to-stacks.ts", "no-restricted-imports", `import { x } from "../stacks/x.ts";\nexport const y = x;`],
  ["stacks/to-simulation.ts", "no-restricted-imports", `import { x } from "../simulation/x.ts";\nexport const y = x;`],
  ["stacks/to-provider-barrel.ts", "no-restricted-imports", `import { vpc } from "@cdktf/provider-aws";\nexport const y = vpc;`],
  ["optimizer/adapters/terminal/environment.ts", "no-restricted-properties", `export const y = process.env["HOME"];`],
  ["optimizer/commands/environment.ts", "no-restricted-properties", `export const y = process.env;`],
  ["optimizer/core/a/to-environment.ts", "no-restricted-imports", `import { x } from "../../environment.ts";\nexport const y = x;`],
  ["stacks/clock.ts", "no-restricted-properties", `export const y = Date.now();`],
  ...readdirSync(join(root, "optimizer/adapters")).map(
    (folder) => [`optimizer/adapters/${folder}/to-app.ts`, "no-restricted-imports", `import { x } from "../../app/x.ts";\nexport const y = x;`] as const,
  ),
];

/** Code that must stay allowed, so that a policy which refuses everything fails here, too. */
const allowed: readonly (readonly [file: string, code: string])[] = [
  ["optimizer/core/a/pure.ts", `import { z } from "zod";\nimport { x } from "../../../contract/x.ts";\nexport const y = [z, x, new Date(0)];`],
  ["optimizer/adapters/aws/sdk.ts", `import { RDSClient } from "@aws-sdk/client-rds";\nexport const y = RDSClient;`],
  ["simulation/services/dynamodb/to-shared.ts", `import { x } from "../../shared/x.ts";\nexport const y = x;`],
  ["simulation/services/dynamodb/to-own.ts", `import { x } from "./x.ts";\nexport const y = x;`],
  ["simulation/services.ts", `import { x } from "./services/rds/service.ts";\nexport const y = x;`],
  ["optimizer/adapters/clock/now.ts", `export const y = () => Date.now();`],
  ["optimizer/adapters/simulated/account.ts", `import { x } from "../../../simulation/x.ts";\nexport const y = x;`],
];

interface Diagnostic {
  readonly filename: string;
  readonly code: string;
}

const folder = mkdtempSync(join(tmpdir(), "lint-policy-"));
let diagnostics: readonly Diagnostic[] = [];

beforeAll(async () => {
  cpSync(join(root, "oxlint.config.mjs"), join(folder, "oxlint.config.mjs"));
  cpSync(join(root, "scripts/lint"), join(folder, "scripts/lint"), { recursive: true });
  for (const [file, code] of [...refused.map(([name, , text]) => [name, text] as const), ...allowed]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${code}\n`);
  }
  const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
  // Exit code 1 says that there are findings.
  const { stdout } = await run(process.execPath, [oxlint, "-c", "oxlint.config.mjs", "--format", "json"], { cwd: folder }).catch(
    (error: { readonly stdout: string }) => error,
  );
  ({ diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] });
}, 30_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the lint policy", () => {
  it.each(refused)("refuses %s by %s", (file, rule) => {
    expect(diagnostics.filter(({ filename }) => filename === file).map(({ code }) => code)).toContainEqual(expect.stringContaining(rule));
  });

  it.each(allowed)("allows %s", (file) => {
    expect(diagnostics.filter(({ filename }) => filename === file)).toEqual([]);
  });
});
