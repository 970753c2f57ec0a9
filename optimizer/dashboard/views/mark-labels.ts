import { count } from "../../core/report/figures.ts";
import type { RunMark } from "../../core/report/page/run-marks.ts";

export interface MarkLabel {
  readonly atMs: number;
  readonly kind: RunMark["kind"];
  readonly text: string;
  /** 0 stands on the picture; each level more stands above the labels that it would cover. */
  readonly level: number;
  /** Near the right edge a label stands left of its moment, so that it is not cut off. */
  readonly side: "left" | "right";
  /** What it covers of the narrowest picture, as shares of the time drawn. */
  readonly covers: readonly [from: number, to: number];
}

/** As said beside the picture; a rollback's steps are lines only, its breach and its end are said. */
const words: Readonly<Record<Exclude<RunMark["kind"], "rollback">, string>> = {
  change: "change",
  breach: "breach",
  "rolled-back": "rolled back",
  hold: "held",
};

/** Marks of one kind this near to each other are one label: a share of the time drawn. */
const nearShare = 0.05;
const leftFromShare = 0.8;
/** The share of the narrowest picture that one letter of a label takes: seven of 200 pixels, on a phone. */
const letterShare = 7 / 200;
export const mostLevels = 6;

/** Labels that do not cover one another, however near their moments are; beyond the highest level they may. */
export function markLabels(marks: readonly RunMark[], startMs: number, endMs: number): readonly MarkLabel[] {
  const lengthMs = Math.max(1, endMs - startMs);
  const groups: { kind: keyof typeof words; firstMs: number; count: number }[] = [];
  for (const { kind, atMs } of marks.toSorted((a, b) => a.atMs - b.atMs)) {
    if (kind === "rollback") continue;
    const group = groups.findLast((each) => each.kind === kind);
    if (group !== undefined && atMs - group.firstMs <= nearShare * lengthMs) group.count++;
    else groups.push({ kind, firstMs: atMs, count: 1 });
  }
  /** Where the last label of each level ends, as a share of the time drawn. */
  const ends: number[] = [];
  return groups.map(({ kind, firstMs, count: sum }) => {
    const text = sum === 1 ? words[kind] : kind === "change" ? count(sum, words[kind]) : `${words[kind]} ×${sum}`;
    const at = (firstMs - startMs) / lengthMs;
    const width = (text.length + 1) * letterShare;
    const side = at > leftFromShare ? "left" : "right";
    const covers = side === "left" ? ([at - width, at] as const) : ([at, at + width] as const);
    const free = ends.findIndex((end) => end <= covers[0]);
    const level = Math.min(free === -1 ? ends.length : free, mostLevels - 1);
    ends[level] = Math.max(ends[level] ?? 0, covers[1]);
    return { atMs: firstMs, kind, text, level, side, covers };
  });
}
