import type { Line } from "../model/telling.ts";
import { piece } from "../model/telling.ts";
import { utcMinute } from "../model/utc.ts";
import { progressLines } from "./progress-lines.ts";
import { recordHang, recordLine } from "./record-lines.ts";

/** What a terminal's reporter says, as plain data. */
export const narration = {
  recordLine,
  recordHang,
  progressLines,
  waitingLine: (untilMs: number, reason: string): Line => [piece("waiting until ", "dim"), piece(`${utcMinute(untilMs)} UTC`), piece(`  ${reason}`, "dim")],
} as const;
