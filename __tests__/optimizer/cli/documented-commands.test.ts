import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommandLine } from "../../../optimizer/commands/parser.ts";
import { commandLines, documents, inlineCommands, namelessBlocks, workflowSteps, type DocumentedLine } from "../../support/documented-commands.ts";
import { memoryShell } from "../../support/memory-shell.ts";
import { optimizerProcess } from "../../support/optimizer-process.ts";

const root = join(import.meta.dirname, "../../..");
const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;

/** What is not executed here, and why; the checks beside it are what can be known without. */
const notExecuted: readonly { readonly pattern: RegExp; readonly reason: string; readonly check?: (line: string) => void }[] = [
  { pattern: /^npm ci$/, reason: "installs what this test already runs on" },
  {
    pattern: /^(?:TAP_\w+=\d+ )?npm (?:run (?!synth)[\w:]+|test)(?: -- .*)?$/,
    reason: "a suite, or the demonstration, which has tests of its own",
    check: isScript,
  },
  { pattern: /^npx cdktf deploy primary secondary$/, reason: "needs Terraform and an AWS account; `npm run test:deploy` applies the stacks" },
  { pattern: /^aws (?:rds|secretsmanager) /, reason: "what is left of a region that is gone, which only AWS has" },
];

/** Exit codes other than 0, by what a command says on the story's account. */
const otherCodes: readonly { readonly pattern: RegExp; readonly code: number }[] = [
  { pattern: /^plan .*--fail-above 500/, code: 6 },
  { pattern: /^run (?!.*--dry-run)(?!.*mine)/, code: 5 },
];

/** What earlier lines of the same block have set, for the shell of this one. */
function saidBefore({ block, place }: DocumentedLine, lines: readonly DocumentedLine[]): string {
  const before = lines.slice(
    0,
    lines.findIndex((line) => line.place === place),
  );
  return before.flatMap((line) => (line.block === block && /^(?:export )?\w+=[^ ()]+$/.test(line.line) ? `${line.line}; ` : [])).join("");
}

async function paste({ place, line }: DocumentedLine, said: string, folder: string): Promise<void> {
  // As GitHub fills it in.
  const filledIn = line.replaceAll("${{ github.event.number }}", "7");
  const { code, output } = await inShell(said + filledIn, folder);
  expect(code, `${place}: ${line}\n${output}`).toBe(0);
}

function isScript(line: string): void {
  const [, name = ""] = /npm (?:run )?([\w:]+)/.exec(line) ?? [];
  expect(Object.keys(scripts), line).toContain(name);
}

const standIns = join(import.meta.dirname, "../../support/stand-ins");
/** What a synthesis in a clone needs; packages are shared. */
const cloned = ["package.json", "package-lock.json", "cdktf.json", "main.ts", "scripts", "stacks", "constructs", "contract"];

let scratch = "";
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "tap-documents-"));
  mkdirSync(join(scratch, "template"));
  const template = join(scratch, "template");
  for (const name of cloned) cpSync(join(root, name), join(template, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(template, "node_modules"));
  const deployed = await optimizerProcess(["simulate", "deploy", "--aws", "simulated"], { cwd: template });
  expect((await inShell("git init -q", template)).code).toBe(0);
  expect(deployed.code, deployed.err).toBe(0);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A clone in which a reader has a simulated account, and what Terraform would have printed of it. */
function readersFolder(document: string): string {
  const folder = join(scratch, document.replaceAll(/\W/g, "-"));
  cpSync(join(scratch, "template"), folder, { recursive: true, verbatimSymlinks: true });
  cpSync(join(folder, ".optimizer/simulation/terraform-outputs.json"), join(folder, "outputs.json"));
  return folder;
}

/** Types a line as the reader would, with the id of the run that they have by then, and yes to what it asks. */
async function type({ place, line }: DocumentedLine, said: string, folder: string): Promise<void> {
  const runs = join(folder, ".optimizer/runs");
  const runId = existsSync(runs) ? (readdirSync(runs)[0] ?? "RUN") : "RUN";
  const words = line.replace(/^npx optimizer /, "").replaceAll(/<run>|\bRUN\b/g, runId);
  const asks = /^(?:run|rollback|continue|abort)\b/.test(words) && !words.includes("--dry-run") ? " --yes" : "";
  const { code, output } = await inShell(
    `${said}node ${join(root, "bin/optimizer.js")} ${words.includes(">") ? words.replace(" >", `${asks} >`) : words + asks}`,
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
      { cwd: folder, env: { ...process.env, PATH: [standIns, process.env["PATH"]].join(delimiter), NO_COLOR: "1" }, maxBuffer: 64 * 1024 * 1024 },
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
      if (line.line.startsWith("npx optimizer ")) await type(line, saidBefore(line, lines), folder);
      else if (exception !== undefined) exception.check?.(line.line);
      else await paste(line, saidBefore(line, lines), folder);
    }
  });

  it("has a workflow that fails where the stacks are no longer as they were reviewed, and only there", async () => {
    const folder = readersFolder("changed");
    const steps = commandLines("docs/ci.md").filter(({ line }) => /synth -- |synthesized/.test(line));
    const check = steps.slice(0, steps.findIndex(({ line }) => line.startsWith("git diff ")) + 1);
    expect(check.map(({ line }) => line.split(" ")[0])).toEqual(["npm", "rm", "git"]);
    const step = check.map(({ line }) => line).join(" && ");
    const commit = "git add synthesized && git -c user.name=reader -c user.email=reader@example.com commit -qm reviewed";
    expect((await inShell(`${step} && ${commit}`, folder)).code).toBe(0);
    expect((await inShell(`TAP_OWNER=others && export TAP_OWNER && ${step}`, folder)).code).toBe(1);
  });

  it("finds every step of a workflow, and every block says what is in it", () => {
    for (const [document, lines] of all) expect(lines.filter(({ line }) => line !== "").length, document).toBeGreaterThanOrEqual(workflowSteps(document));
    expect(documents().flatMap(namelessBlocks)).toEqual([]);
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
