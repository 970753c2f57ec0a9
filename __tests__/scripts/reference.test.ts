import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandTable } from "../../optimizer/commands/command-table.ts";
import { environmentVariables } from "../../optimizer/environment.ts";
import { rules } from "../../optimizer/core/levers/rules.ts";
import { recordTypes } from "../../optimizer/core/model/journal-record.ts";
import { changeAdapters } from "../../optimizer/adapters/aws/change-adapters.ts";
import { allActions } from "../../scripts/reference/called-actions.ts";
import { documentedErrors } from "../../scripts/reference/errors.ts";
import { referencePages } from "../../scripts/reference/pages.ts";
import { permissions } from "../../scripts/reference/permissions.ts";
import { policySettings } from "../../scripts/reference/policy.ts";
import { stackSettings } from "../../scripts/reference/settings.ts";
import { root, sourcesIn } from "../../scripts/reference/sources.ts";
import { configurationFromVariables } from "../../stacks/settings/environment-variables.ts";
import { configurationSchema } from "../../stacks/settings/settings-schema.ts";

const pages = await referencePages();

describe("the reference", () => {
  it.each(Object.entries(pages))("%s is what `npm run docs` makes of the sources", async (path, text) => {
    await expect(text).toMatchFileSnapshot(join(root, path));
  });

  it("says of every setting of the policy what it means and what it is unless said", () => {
    const settings = policySettings();
    expect(settings.length).toBeGreaterThan(35);
    expect(settings.filter(({ meaning }) => meaning === "")).toEqual([]);
    // Nobody is paged unless the policy says whom.
    expect(settings.filter(({ defaultValue }) => defaultValue === undefined).map(({ path }) => path)).toEqual([
      "paging.command",
      "paging.webhookUrl",
      "paging.webhookUrlFrom",
      "paging.snsTopicArn",
    ]);
  });

  it("says of every setting of the stacks what it means, what it may be, and what it is unless said", () => {
    const settings = stackSettings();
    expect(new Set(settings.map(({ path }) => path.split(".")[0]))).toEqual(new Set(Object.keys(configurationSchema.shape)));
    expect(settings.filter(({ meaning, allowed, defaultValue }) => [meaning, allowed, defaultValue].includes(""))).toEqual([]);
    const told = (path: string) => settings.find((setting) => setting.path === path);
    expect(told("suffix")).toMatchObject({ variable: "TAP_SUFFIX", flag: "--suffix", defaultValue: "production: `prod`; staging: `staging`" });
    expect(told("maxInstanceLifetimeDays")).toMatchObject({ allowed: "whole number, 1 to 365", defaultValue: "`saas`, `web`: `30`" });
    expect(settings.filter(({ variable }) => variable === "").map(({ path }) => path)).toEqual(["zones", "sizing"]);
  });

  it("says of every command what it takes, and of each flag what it may be and what it says", async () => {
    const page = pages["docs/reference.md"] ?? "";
    const commands = page.split("\n## ").find((section) => section.startsWith("Commands\n")) ?? "";
    expect([...commands.matchAll(/^### `(.+)`$/gm)].map(([, usage]) => usage)).toEqual(commandTable.map(({ usage }) => usage));
    const rows = [...commands.matchAll(/^\| `(?:--)?\w[\w-]*` \|.*$/gm)].map(([row]) => row.split(/ \| /));
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter((cells) => cells.some((cell) => cell.trim() === "" || cell.trim() === "|"))).toEqual([]);
    for (const { load } of commandTable) for (const name of Object.keys((await load()).command.options)) expect(commands).toContain(`| \`--${name}\` |`);
  });

  it("lists no environment variable that nothing reads", () => {
    const sources = sourcesIn("optimizer").filter(({ path }) => path !== "optimizer/environment.ts");
    const unread = Object.keys(environmentVariables).filter((name) => !sources.some(({ text }) => text.includes(`environmentVariable("${name}")`)));
    expect(unread).toEqual([]);
  });

  it("has every rule in the README, which says of none that is not there", () => {
    const levers = new Set(rules.map(({ id }) => id.split(".")[0]));
    const named = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/`(([a-z\d]+)\.[a-z-]+)`/g)].flatMap(([, id = "", lever]) =>
      levers.has(lever) ? [id] : [],
    );
    expect([...new Set(named)].toSorted(), "README.md has a row for every rule in its table").toEqual(rules.map(({ id }) => id).toSorted());
  });

  it("tells every rule's arithmetic in docs/rules.md", () => {
    const told = [...readFileSync(join(root, "docs/rules.md"), "utf8").matchAll(/^## `([^`]+)`: /gm)].map(([, id = ""]) => id);
    expect(told.toSorted(), "docs/rules.md has a section for every rule, under its id").toEqual(rules.map(({ id }) => id).toSorted());
  });

  it("finds every error that the sources throw, with what to do", () => {
    const errors = documentedErrors();
    expect(errors.length).toBeGreaterThan(60);
    expect(errors.filter(({ hints, messages }) => hints.length + messages.length === 0)).toEqual([]);
    expect(errors.find(({ code }) => code === "run-open")).toMatchObject({ exitCode: 3, messages: ["run … is open for account … in …"] });
    expect(errors.find(({ code }) => code === "declined")).toMatchObject({ exitCode: 4 });
  });

  // They follow "optimizer: ", and are quoted within sentences.
  it("finds no error whose message begins with a capital, but for a name", () => {
    const begun = documentedErrors().flatMap(({ messages }) => messages.filter((message) => /^[A-Z]/.test(message)));
    expect(begun.filter((message) => !/^(?:AWS|Cost Explorer|CloudWatch|Terraform)\b/.test(message))).toEqual([]);
  });

  it("asks for nothing that changes AWS in the permissions to read, and for every call in one of the two, and no other", () => {
    const { read, act } = permissions();
    const besides = Object.values(changeAdapters).flatMap((adapter) => adapter.permissions.besides);
    expect([...read, ...act].toSorted()).toEqual([...new Set([...allActions(), ...besides])].toSorted());
    expect(read).toContain("cloudwatch:GetMetricData");
    expect(read).toContain("elasticache:DescribeCacheClusters");
    expect(act).toContain("rds:FailoverDBCluster");
    expect(read.filter((action) => !/:(?:Describe|Get|List|Lookup)/.test(action))).toEqual([]);
    expect(read.filter((action) => act.includes(action))).toEqual([]);
  });

  it("names every TAP_* variable that the stacks read in docs/settings.md", () => {
    const asked = new Set<string>();
    const page = readFileSync(join(root, "docs/settings.md"), "utf8");
    configurationFromVariables(
      new Proxy<Record<string, string | undefined>>(
        {},
        {
          get: (_, name) => void asked.add(String(name)),
          has: () => true,
        },
      ),
    );
    expect(asked.size).toBeGreaterThan(20);
    expect([...asked].filter((name) => !page.includes(name))).toEqual([]);
  });

  it("has the document of every command, and every type of journal record, in docs/json.md", () => {
    const page = readFileSync(join(root, "docs/json.md"), "utf8");
    for (const { usage } of commandTable) expect(page).toContain(`\`${usage.split(" ")[0]}\``);
    for (const type of Object.keys(recordTypes)) expect(page).toContain(`\`${type}\``);
  });
});
