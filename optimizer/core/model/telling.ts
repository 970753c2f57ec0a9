/** What a piece of text means; how that looks is the terminal's business. */
export type Tone = "plain" | "strong" | "dim" | "good" | "warn" | "bad";

export interface Piece {
  readonly text: string;
  readonly tone: Tone;
}

/** One line of text, or one cell of a table. */
export type Line = readonly Piece[];

/** Output as plain data: made by pure functions, laid out by the terminal's adapter. */
export type Block =
  | { readonly kind: "heading"; readonly text: string; readonly note?: string }
  /** Where it wraps, its further lines stand `hang` columns further in. */
  | { readonly kind: "line"; readonly line: Line; readonly indent: number; readonly hang?: number }
  /** Every column but the last is as wide as its content; the last wraps. Columns in `right` (from 0) align right. */
  | { readonly kind: "table"; readonly rows: readonly (readonly Line[])[]; readonly right: readonly number[]; readonly indent: number }
  | { readonly kind: "gap" };

export function piece(text: string, tone: Tone = "plain"): Piece {
  return { text, tone };
}

export function cell(text: string, tone: Tone = "plain"): Line {
  return [piece(text, tone)];
}
