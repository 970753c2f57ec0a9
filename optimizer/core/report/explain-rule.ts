import type { Policy } from "../model/policy.ts";
import type { Rule } from "../model/rule.ts";
import { percent } from "../model/percent.ts";
import { type Block, cell, type Line, piece } from "../model/telling.ts";
import { duration, number } from "./figures.ts";
import { phaseTitles } from "./words.ts";

const labelWidth = 14;
const minuteMs = 60_000;

export function labelledLine(label: string, line: Line): Block {
  return { kind: "line", indent: 1, hang: labelWidth, line: [piece(label.padEnd(labelWidth), "dim"), ...line] };
}

/** `asg.instance-type` is `rules.asgInstanceType` of the policy. */
export function policyNameOf({ id }: Pick<Rule, "id">): string {
  return id.replaceAll(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** What a rule looks at, when it acts, how much room it leaves, how it is watched and undone: by the policy in force. */
export function explainRuleBlocks(rule: Rule, policy: Policy): readonly Block[] {
  const { decision, headroom } = policy.rules;
  const settings = Object.entries(settingsOf(rule, policy));
  return [
    { kind: "heading", text: rule.id, note: `${rule.title}; phase ${rule.phase}, ${phaseTitles[rule.phase]}` },
    ...settings.map(([name, value], position) =>
      labelledLine(position === 0 ? "its limits" : "", [
        piece(`${settingWords(name)} `),
        piece(valueWords(name, value), "strong"),
        piece(`  rules.${policyNameOf(rule)}.${name}`, "dim"),
      ]),
    ),
    labelledLine("decides", cell(decisionWords(decision, headroom))),
    labelledLine("needs", cell(dataWords(policy))),
    labelledLine("money", cell(`shows under ${rule.cost.service} in Cost Explorer; ${commitmentWords(rule)}`)),
    labelledLine("watched", cell(watchedWords(rule, policy))),
  ];
}

function settingsOf(rule: Rule, { rules }: Policy): Readonly<Record<string, unknown>> {
  const own: unknown = Reflect.get(rules, policyNameOf(rule));
  return typeof own === "object" && own !== null ? Object.fromEntries(Object.entries(own)) : {};
}

/** `maxP95CpuShare` is `max p95 CPU share`; the unit at the name's end goes into the value. */
export function settingWords(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/ (Share|Minutes|Days|Hours|Seconds|Mb)$/, "")
    .toLowerCase()
    .replaceAll(/\bcpu\b/g, "CPU")
    .replaceAll(/\biops\b/g, "IOPS")
    .replaceAll(/\bacu\b/g, "ACU");
}

/** The value with the unit that stands in the setting's name. */
export function valueWords(name: string, value: unknown): string {
  if (typeof value !== "number") return typeof value === "string" ? value : JSON.stringify(value);
  if (/Share$|^headroom$|Rate$|Increase$|Chance$/.test(name)) return percent(value);
  if (name.endsWith("Minutes")) return duration(value * minuteMs);
  if (name.endsWith("Days")) return `${number(value)} days`;
  if (name.endsWith("Seconds")) return `${number(value)} s`;
  if (name.endsWith("Mb")) return `${number(value)} MB`;
  return number(value);
}

function decisionWords(decision: Policy["rules"]["decision"], headroom: number): string {
  if (decision === "literal") return "literal: by its limits alone; whether the smaller size would fit is printed as a warning";
  return `guarded: its limits must hold, and after the change no more than ${percent(1 - headroom)} of anything may be used at the worst moment seen, also with one availability zone lost`;
}

function dataWords({ baselineDays, completeness }: Policy): string {
  return `up to ${baselineDays} days of metrics, at least ${completeness.minWholeDays} whole days and ${percent(completeness.minShare)} of all points; with less it is left alone, since no data is not zero`;
}

function commitmentWords({ cost }: Rule): string {
  const commitment = commitmentTexts[cost.commitment];
  return cost.billedBy === "requests" ? `${commitment}; realized savings are compared at equal requests` : commitment;
}

const commitmentTexts: Readonly<Record<Rule["cost"]["commitment"], string>> = {
  "instance-type": "reservations and Savings Plans for the old size go on costing, which caps the saving",
  capacity: "reserved capacity and Savings Plans go on costing, which caps the saving; no request is covered by reserved capacity",
  usage: "Savings Plans go on costing, which caps the saving; no reservation is bound to it",
  none: "no commitment pays for it",
};

function watchedWords({ judgedBy, nothingOfItsOwn }: Rule, { window, rules: { maxWorstHourShare } }: Policy): string {
  if (judgedBy === "never-executed") return "it changes nothing: what it finds is advice for a person";
  if (judgedBy === "nothing-visible") return "no window could show its effect: it is read back, and done";
  const ownWords =
    nothingOfItsOwn === undefined
      ? `so it is where the resource itself breaks what was promised, such as more than ${percent(maxWorstHourShare)} of what it has taken, or an event the baseline had none of`
      : `of the resource itself nothing is watched, since ${nothingOfItsOwn}`;
  return `for ${duration(window.minutes * minuteMs)} by the load balancers: more than ${percent(window.maxErrorRate)} errors, or a p99 more than ${percent(window.maxP99Increase)} above the usual, and it is undone; ${ownWords}`;
}
