import type { Plan } from "../model/plan.ts";
import { skipWords } from "./words.ts";

const columns = ["kind", "phase", "rule", "region", "resource", "part", "from", "to", "monthly_usd", "reversibility", "reason"];

/** Every decision as a row (RFC 4180). A text that a spreadsheet would take for a formula begins with an apostrophe. */
export function planCsv({ decisions }: Plan): string {
  const rows = decisions.map((decision) =>
    decision.kind === "proposal"
      ? [
          "change",
          String(decision.action.phase),
          decision.rule,
          decision.resource.region,
          decision.resource.id,
          decision.part ?? "",
          decision.from,
          decision.to,
          decision.savings.kind === "known" ? decision.savings.usd.toFixed(2) : "",
          decision.action.reversibility,
          decision.reason,
        ]
      : [
          "left alone",
          "",
          decision.rule,
          decision.resource.region,
          decision.resource.id,
          decision.part ?? "",
          "",
          "",
          "",
          "",
          `${skipWords[decision.code]}: ${decision.detail}`,
        ],
  );
  return `${[columns, ...rows].map((cells) => cells.map(cell).join(",")).join("\r\n")}\r\n`;
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
