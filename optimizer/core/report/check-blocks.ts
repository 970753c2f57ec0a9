import type { Check, CheckArea, CheckVerdict } from "../model/check.ts";
import { type Block, cell, type Line, piece, type Tone } from "../model/telling.ts";

const tones: Readonly<Record<CheckVerdict, Tone>> = { ok: "good", warning: "warn", problem: "bad", "not-looked-at": "dim" };
const words: Readonly<Record<CheckVerdict, string>> = { ok: "ok", warning: "warning", problem: "problem", "not-looked-at": "not looked at" };
const titles: Readonly<Record<CheckArea, string>> = {
  machine: "This machine",
  inputs: "Inputs",
  credentials: "Credentials",
  permissions: "What may be read",
  metrics: "Metrics",
  costs: "Costs and prices",
  acting: "What may be changed",
};
const verdicts = Object.keys(words) as readonly CheckVerdict[];

/** All checks by area, and one closing line. */
export function checkBlocks(checks: readonly Check[]): readonly Block[] {
  const areas = (Object.keys(titles) as readonly CheckArea[]).flatMap((area): readonly Block[] => {
    const own = checks.filter((check) => check.area === area);
    if (own.length === 0) return [];
    return [{ kind: "heading", text: titles[area] }, { kind: "table", indent: 1, right: [], rows: own.map(row) }, { kind: "gap" }];
  });
  return [...areas, { kind: "line", indent: 0, line: cell(countWords(checks), "strong") }];
}

/** How many of each, as `doctor` says them: `31 ok, 2 warning, 1 problem`. */
export function checkCounts(checks: readonly Check[]): Readonly<Record<CheckVerdict, number>> {
  return Object.fromEntries(verdicts.map((verdict) => [verdict, checks.filter((check) => check.verdict === verdict).length])) as Record<CheckVerdict, number>;
}

function countWords(checks: readonly Check[]): string {
  const counts = checkCounts(checks);
  return verdicts.flatMap((verdict) => (counts[verdict] === 0 ? [] : [`${counts[verdict]} ${words[verdict]}`])).join(", ");
}

function row({ verdict, region = "", name, seen, remedy }: Check): readonly Line[] {
  return [
    cell(words[verdict], tones[verdict]),
    cell([region, name].filter((text) => text !== "").join(" ")),
    [piece(seen), ...(remedy === undefined ? [] : [piece(` → ${remedy}`, "strong")])],
  ];
}
