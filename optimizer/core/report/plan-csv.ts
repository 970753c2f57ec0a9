import type { MonthlyUsd } from "../model/money.ts";
import type { Plan } from "../model/plan.ts";
import { skipWords } from "./words.ts";
import type { Action } from "../model/action.ts";

const columns = ["kind", "phase", "rule", "region", "resource", "part", "from", "to", "monthly_usd", "reversibility", "undo_minutes", "reason"];

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
          knownColumn(decision.savings),
          decision.action.reversibility,
          undoColumn(decision.action),
          decision.reason,
        ]
      : [
          decision.withheld === undefined ? "left alone" : "withheld",
          "",
          decision.rule,
          decision.resource.region,
          decision.resource.id,
          decision.part ?? "",
          "",
          "",
          decision.withheld === undefined ? "" : knownColumn(decision.withheld.savings),
          "",
          "",
          `${skipWords[decision.code]}: ${decision.detail}`,
        ],
  );
  return `${[columns, ...rows].map((cells) => cells.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** What is known of an amount; empty where nothing is. */
function knownColumn(amount: MonthlyUsd): string {
  return amount.kind === "unknown" ? "" : amount.usd.toFixed(2);
}

/** Empty where no time can be told, or where nothing of it comes back. */
function undoColumn({ reversibility, undoMinutes }: Action): string {
  return reversibility === "irreversible" || typeof undoMinutes !== "number" ? "" : String(undoMinutes);
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
