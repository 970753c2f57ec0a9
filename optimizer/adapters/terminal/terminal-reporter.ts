import type { JournalRecord } from "../../core/model/journal-record.ts";
import { once } from "../../core/model/once.ts";
import type { Plan } from "../../core/model/plan.ts";
import type { RunState } from "../../core/model/run-state.ts";
import { type Block, cell, type Line, piece } from "../../core/model/telling.ts";
import type { Reporter, RunEvent } from "../../ports/reporter.ts";
import { layout, type Display, oneLine } from "./layout.ts";
import type { LiveLines } from "./live-lines.ts";

/** What events mean in words; pure functions of core/report, handed in by the composition. */
export interface Narration {
  recordLine(record: JournalRecord, plan: Plan, state: RunState): Line | undefined;
  /** Columns of time and region in front of a record's text. */
  readonly recordHang: number;
  /** The live view: a row for each region, a column for each phase. */
  progressLines(plan: Plan, state: RunState): readonly Line[];
  waitingLine(untilMs: number, reason: string): Line;
}

/** Tells a run as it happens: lines that stay for what happened, a live view of regions and phases for what goes on. */
export function createTerminalReporter(narration: Narration, lines: LiveLines, display: Display): Reporter {
  let progress: () => readonly string[] = () => [];
  const print = (line: Line, hang = 0): void => lines.print(layout([{ kind: "line", line, indent: 1, hang } satisfies Block], display));
  return {
    tell(event: RunEvent): void {
      switch (event.kind) {
        case "study":
          print([piece(`${event.part.padEnd(11)} `, "dim"), ...(event.region === undefined ? [] : [piece(`${event.region}  `)]), piece(event.detail)]);
          return;
        case "warning":
          print(cell(event.message, "warn"));
          return;
        case "planned":
          return; // the command shows the plan where it is asked for
        case "recorded": {
          const line = narration.recordLine(event.record, event.plan, event.state);
          if (line !== undefined) print(line, narration.recordHang);
          if (event.record.type === "CLOSED") lines.clear();
          else {
            progress = once(() => narration.progressLines(event.plan, event.state).map((each) => oneLine(each, display)));
            lines.show(progress);
          }
          return;
        }
        case "waiting":
          lines.show(() => [...progress(), oneLine(narration.waitingLine(event.untilMs, event.reason), display)]);
          return;
        default:
          return event satisfies never;
      }
    },
  };
}
