import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommandLine } from "../../../optimizer/commands/parser.ts";
import { commandLines, documents, inlineCommands, type DocumentedLine } from "../../support/documented-commands.ts";
import { memoryShell } from "../../support/memory-shell.ts";
import { optimizerProcess } from "../../support/optimizer-process.ts";

const root = join(import.meta.dirname, "../../..");
const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;

/** What is not executed here, and why; the checks beside it are what can be known without. */
const notExecuted: readonly { readonly pattern: RegExp; readonly reason: string; readonly check?: (line: string) => void }[] = [
  { pattern: /^npm ci$/, reason: "installs what this test already runs on" },
  { pattern: /^(?:TAP_\w+=\d+ )?npm (?:run )?[\w:]+(?: -- .*)?$/, reason: "a suite or a synthesis with tests of its own", check: isScript },
  { pattern: /^npx cdktf deploy primary secondary$/, reason: "needs an AWS account" },
  { pattern: /terraform -chdir=/, reason: "needs Terraform and an AWS account; `npm run test:deploy` applies the stacks" },
  { pattern: /^terraform /, reason: "needs Terraform and a server; `npm run test:deploy` applies the stacks" },
  { pattern: /^gh pr comment /, reason: "needs GitHub" },
  { pattern: /^git diff --exit-code /, reason: "compares what the step before it made in a clone of one's own" },
  { pattern: /^rm -rf synthesized && cp -r cdktf\.out\/stacks synthesized$/, reason: "copies what a synthesis in a clone of one's own made" },
];

/** Exit codes other than 0, by what a command says on the story's account. */
const otherCodes: readonly { readonly pattern: RegExp; readonly code: number }[] = [
  { pattern: /^plan .*--fail-above 500/, code: 6 },
  { pattern: /^run (?!.*--dry-run)(?!.*mine)/, code: 5 },
];

function isScript(line: string): void {
  const [, name = ""] = /npm (?:run )?([\w:]+)/.exec(line) ?? [];
  expect(Object.keys(scripts), line).toContain(name);
}

let scratch = "";
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "tap-documents-"));
  mkdirSync(join(scratch, "template"));
  const deployed = await optimizerProcess(["simulate", "deploy", "--aws", "simulated"], { cwd: join(scratch, "template") });
  expect(deployed.code, deployed.err).toBe(0);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A folder in which a reader has a simulated account, and what Terraform would have printed of it. */
function readersFolder(document: string): string {
  const folder = join(scratch, document.replaceAll(/\W/g, "-"));
  cpSync(join(scratch, "template"), folder, { recursive: true });
  cpSync(join(folder, ".optimizer/simulation/terraform-outputs.json"), join(folder, "outputs.json"));
  return folder;
}

/** Types a line as the reader would, with the id of the run that they have by then, and yes to what it asks. */
async function type({ place, line }: DocumentedLine, folder: string): Promise<void> {
  const runs = join(folder, ".optimizer/runs");
  const runId = existsSync(runs) ? (readdirSync(runs)[0] ?? "RUN") : "RUN";
  const words = line.replace(/^npx optimizer /, "").replaceAll(/<run>|\bRUN\b/g, runId);
  const asks = /^(?:run|rollback|continue|abort)\b/.test(words) && !words.includes("--dry-run") ? " --yes" : "";
  const { code, output } = await inShell(
    `node ${join(root, "bin/optimizer.js")} ${words.includes(">") ? words.replace(" >", `${asks} >`) : words + asks}`,
    folder,
  );
  const expected = otherCodes.find(({ pattern }) => pattern.test(words))?.code ?? 0;
  expect(code, `${place}: ${line}\n${output}`).toBe(expected);
}

function inShell(command: string, folder: string): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    // Nobody pipes outputs in: an open pipe would be waited for.
    execFile(
      "sh",
      ["-c", `exec < /dev/null; ${command}`],
      { cwd: folder, env: { ...process.env, NO_COLOR: "1" }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : 1, output: `${stdout}${stderr}` }),
    );
  });
}

describe("what the documents tell to type", () => {
  const all = documents().map((document) => [document, commandLines(document)] as const);

  it("is found", () => {
    expect(all.flatMap(([, lines]) => lines).length).toBeGreaterThan(30);
    expect(documents().flatMap(inlineCommands).length).toBeGreaterThan(10);
  });

  it.each(all.filter(([, lines]) => lines.length > 0))("works line by line: %s", async (document, lines) => {
    const folder = readersFolder(document);
    for (const line of lines) {
      const exception = notExecuted.find(({ pattern }) => pattern.test(line.line));
      if (line.line.startsWith("npx optimizer ")) await type(line, folder);
      else if (exception !== undefined) exception.check?.(line.line);
      else expect((await inShell(line.line, folder)).code, `${line.place}: ${line.line}`).toBe(0);
    }
  });

  it("has no exception that nothing needs", () => {
    const lines = all.flatMap(([, each]) => each.map(({ line }) => line));
    for (const { pattern } of notExecuted)
      expect(
        lines.some((line) => pattern.test(line)),
        String(pattern),
      ).toBe(true);
  });

  it.each(documents().flatMap(inlineCommands))("is understood within a sentence: $place $line", async ({ line }) => {
    const words = line.replace(/^npx optimizer /, "").replaceAll(/[<>[\]]/g, "");
    const failure = await runCommandLine(words.split(" "), memoryShell()).then(
      () => undefined,
      (error: Error) => error.message,
    );
    // The test gives no world: whatever else is refused is the sentence's fault.
    if (failure !== undefined) expect(failure).toContain("this test gave no world");
  });
});
