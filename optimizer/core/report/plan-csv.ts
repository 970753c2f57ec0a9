import type { MonthlyUsd } from "../model/money.ts";
import type { Plan } from "../model/plan.ts";
import type { Decision } from "../model/rule.ts";
import { adviceText } from "./advice.ts";
import { skipWords } from "./words.ts";
import type { Action } from "../model/action.ts";

const columns = ["kind", "phase", "rule", "region", "resource", "part", "from", "to", "monthly_usd", "reversibility", "undo_minutes", "reason"];

/** Every decision as a row (RFC 4180). A text that a spreadsheet would take for a formula begins with an apostrophe. */
export function planCsv({ decisions }: Plan): string {
  const rows = decisions.map(rowOf);
  return `${[columns, ...rows].map((cells) => cells.map(cell).join(",")).join("\r\n")}\r\n`;
}

function rowOf(decision: Decision): readonly string[] {
  const { rule, resource, part = "" } = decision;
  const about = [rule, resource.region, resource.id, part];
  switch (decision.kind) {
    case "proposal": {
      const { action, from, to, savings, reason } = decision;
      return ["change", String(action.phase), ...about, from, to, knownColumn(savings), action.reversibility, undoColumn(action), reason];
    }
    case "advice":
      // What an advice saves at most is no saving of the plan, and must not be in a column that is added up.
      return ["advice", "", ...about, "", "", "", "", "", `never executed; ${adviceText(decision)}`];
    case "skip": {
      const { withheld, code, detail } = decision;
      const kind = withheld === undefined ? "left alone" : "withheld";
      return [kind, "", ...about, "", "", withheld === undefined ? "" : knownColumn(withheld.savings), "", "", `${skipWords[code]}: ${detail}`];
    }
  }
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
