import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { rules } from "../../optimizer/core/levers/rules.ts";
import type { RuleDeclaration } from "../../optimizer/core/model/rule.ts";
import { Fault } from "../../optimizer/errors.ts";
import { root, table } from "./sources.ts";

interface Case {
  readonly decisions: Readonly<Record<string, string>>;
  readonly end?: string;
}

/** A scenario of a rule, by its name, with what it comes to. */
interface Scenario {
  readonly name: string;
  readonly said: readonly string[];
  readonly end?: string;
}

const tests = "__tests__";
/** What a scenario's decisions say that is no refusal. */
const accepted = new Set(["proposed", "advice", "needs-approval"]);
const wireFolder = join(root, tests, "deploy");

/** Why a cell of a rule has no test, and never will have one, or none yet. */
const uncovered: Readonly<Record<string, { readonly undone?: string; readonly wire?: string }>> = {
  "aurora.backup-retention": { undone: "no window could see its effect" },
  "dynamodb.table-consolidation": { undone: "advice alone", wire: "advice alone" },
  "dynamodb.unread-stream": { undone: "no window could see its effect" },
  "rds.backup-retention": { undone: "no window could see its effect" },
  "region.remove-secondary": { undone: "advice alone", wire: "advice alone" },
  "s3.lifecycle": { undone: "no window could see its effect" },
};

/** What is tried of every rule, made from the registry, the scenarios' expectations and the tests over the wire. */
export function coverageTable(): string {
  return table(
    ["rule", "decided", "refused with reason", "applied, adopted, 0 drift", "watched", "breached and undone", "over the wire"],
    rules.map((rule) => cellsOf(rule)),
  );
}

function cellsOf(rule: RuleDeclaration): readonly string[] {
  const [lever = "", name = ""] = rule.id.split(".");
  const own = `${tests}/optimizer/core/levers/${lever}/${name}.test.ts`;
  const scenarios = scenariosOf(rule.id);
  const refused = scenarios.filter(({ said }) => said.some((word) => !accepted.has(word)));
  const kept = scenarios.filter(({ end, said }) => end === "adoptable" && said.includes("proposed"));
  const undone = scenarios.filter(({ end }) => end === "rolled-back");
  const isAdvice = rule.judgedBy === "never-executed";
  return [
    `\`${rule.id}\``,
    existsSync(join(root, own)) ? `\`${basename(own)}\`` : lacking(rule.id, "a test of its own"),
    refused.map(({ name: each, said }) => `${each} (${said.filter((word) => !accepted.has(word)).join(", ")})`).join(", ") || lacking(rule.id, "a refusal"),
    isAdvice ? "– (advice alone)" : named(kept) || lacking(rule.id, "a scenario that is adopted"),
    watchedBy(rule, kept),
    testOrReason(rule.id, "undone", named(undone)),
    testOrReason(rule.id, "wire", overTheWire(rule)),
  ];
}

function watchedBy({ judgedBy }: RuleDeclaration, kept: readonly Scenario[]): string {
  switch (judgedBy) {
    case "load-balancers":
      return named(kept);
    case "nothing-visible":
      return "– (read back, and done)";
    case "never-executed":
      return "– (advice alone)";
    default:
      return judgedBy satisfies never;
  }
}

function scenariosOf(rule: string): readonly Scenario[] {
  const path = join(root, tests, "scenarios", `${rule}.json`);
  const { cases } = JSON.parse(readFileSync(path, "utf8")) as { readonly cases: Readonly<Record<string, Case>> };
  return Object.entries(cases).map(([name, { decisions, end }]) => ({
    name,
    said: [...new Set(Object.values(decisions))],
    ...(end === undefined ? {} : { end }),
  }));
}

function named(scenarios: readonly Scenario[]): string {
  return scenarios.map(({ name }) => name).join(", ");
}

/**
 * Every kind of change is tried over the wire, since the compiler asks for a trial of each (`__tests__/deploy/wire/every-change.ts`), and so is
 * every rule that has one. A test that carries rules out from outputs to adoption names them in a comment: `Rules: asg.capacity, …`.
 */
function overTheWire({ id, judgedBy }: RuleDeclaration): string {
  const whole = readdirSync(wireFolder)
    .filter((file) => file.endsWith(".test.ts"))
    .filter((file) =>
      [...readFileSync(join(wireFolder, file), "utf8").matchAll(/^.*\bRules: (.*)\.$/gm)].some(([, list = ""]) => list.split(", ").includes(id)),
    );
  return (judgedBy === "never-executed" ? whole : ["every-change.test.ts", ...whole]).map((file) => `\`${file}\``).join(", ");
}

/** Exactly one of both: a reason that stays when the test has come would be wrong. */
function testOrReason(rule: string, cell: "undone" | "wire", found: string): string {
  const reason = uncovered[rule]?.[cell];
  if (found !== "")
    return reason === undefined ? found : lacking(rule, `no reason for "${cell}", which is tried: take it out of scripts/reference/coverage.ts`);
  return reason === undefined ? lacking(rule, `a test of "${cell}", or why there is none (scripts/reference/coverage.ts)`) : `– (${reason})`;
}

function lacking(rule: string, what: string): never {
  throw new Fault(`${rule} lacks ${what}`);
}
