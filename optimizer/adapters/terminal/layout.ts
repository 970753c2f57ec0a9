import { createColors } from "picocolors";
import { type Block, type Line, piece, type Piece, type Tone } from "../../core/model/telling.ts";
import { asciiText, safeText } from "./safe-text.ts";

export interface Look {
  /** Columns; less than 80 is taken as 80. */
  readonly width: number;
  readonly colour: boolean;
  readonly unicode: boolean;
}

const minWidth = 80;
const minLastColumn = 24;
const gutter = 2;

/** Blocks as lines of text that fit the width; nothing in them can control the terminal. */
export function layout(blocks: readonly Block[], look: Look): readonly string[] {
  const width = Math.max(minWidth, look.width);
  return blocks.flatMap((block) => blockLines(block, width)).map((line) => paint(line, look));
}

/** One line, cut to the width: for live lines, which must never wrap. */
export function oneLine(line: Line, look: Look): string {
  return paint(cut(prepared(line), Math.max(minWidth, look.width) - 1), look);
}

function blockLines(block: Block, width: number): readonly Line[] {
  switch (block.kind) {
    case "gap":
      return [[]];
    case "heading":
      return [[piece(block.text, "strong"), ...(block.note === undefined ? [] : [piece(`  ${block.note}`, "dim")])]];
    case "line":
      return wrap(prepared(block.line), width - block.indent * 2).map((line) => indented(line, block.indent));
    case "table":
      return tableLines(block, width);
    default:
      return block satisfies never;
  }
}

function tableLines(table: Extract<Block, { kind: "table" }>, width: number): readonly Line[] {
  const rows = table.rows.map((row) => row.map(prepared));
  const columns = Math.max(0, ...rows.map((row) => row.length));
  if (columns === 0) return [];
  const natural = Array.from({ length: columns }, (_, column) => Math.max(0, ...rows.map((row) => lengthOf(row[column] ?? []))));
  const widths = fitted(natural, width - table.indent * 2 - gutter * (columns - 1));
  return rows.flatMap((row) => rowLines(row, widths, table.right).map((line) => indented(line, table.indent)));
}

/** The last column takes what is left; where that is too little, the widest of the others gives way and wraps too. */
function fitted(natural: readonly number[], available: number): readonly number[] {
  const widths = [...natural];
  const last = widths.length - 1;
  const wanted = Math.min(natural[last] ?? 0, minLastColumn);
  const others = (): number => widths.slice(0, last).reduce((sum, each) => sum + each, 0);
  while (others() + wanted > available) {
    const widest = widths.slice(0, last).reduce((best, each, column) => (each > (widths[best] ?? 0) ? column : best), 0);
    const now = widths[widest] ?? 0;
    if (now <= 8) break;
    widths[widest] = Math.max(8, now - (others() + wanted - available));
  }
  widths[last] = Math.max(8, Math.min(natural[last] ?? 0, available - others()));
  return widths;
}

function rowLines(row: readonly Line[], widths: readonly number[], right: readonly number[]): readonly Line[] {
  const cells = widths.map((width, column) => wrap(row[column] ?? [], width));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, y) =>
    trimEnd(cells.flatMap((lines, column) => padded(lines[y] ?? [], widths[column] ?? 0, right.includes(column), column === widths.length - 1))),
  );
}

function padded(line: Line, width: number, right: boolean, last: boolean): Line {
  const space = piece(" ".repeat(Math.max(0, width - lengthOf(line))));
  const between = last ? [] : [piece(" ".repeat(gutter))];
  return right ? [space, ...line, ...between] : [...line, space, ...between];
}

function trimEnd(line: Line): Line {
  const kept = [...line];
  while (kept.at(-1)?.text.trim() === "") kept.pop();
  return kept;
}

/** Breaks at spaces; a word longer than the width is cut. */
function wrap(line: Line, width: number): readonly Line[] {
  if (lengthOf(line) <= width) return [line];
  const lines: Piece[][] = [[]];
  let used = 0;
  for (const word of wordsOf(line)) {
    for (const part of partsOf(word, width)) {
      const size = glyphs(part.text).length;
      if (used > 0 && used + size > width && part.text.trim() !== "") {
        lines.push([]);
        used = 0;
      }
      if (used === 0 && part.text.trim() === "" && lines.length > 1) continue;
      lines.at(-1)?.push(part);
      used += size;
    }
  }
  return lines.map(trimEnd);
}

function wordsOf(line: Line): readonly Piece[] {
  // A per cent sign stays with its number.
  return line.flatMap(({ text, tone }) => (text.match(/\s+|\S+(?: %[,;.)]*(?!\S))?/g) ?? []).map((word) => piece(word, tone)));
}

function partsOf(word: Piece, width: number): readonly Piece[] {
  const all = glyphs(word.text);
  if (all.length <= width) return [word];
  return Array.from({ length: Math.ceil(all.length / width) }, (_, index) => piece(all.slice(index * width, (index + 1) * width).join(""), word.tone));
}

function cut(line: Line, width: number): Line {
  if (lengthOf(line) <= width) return line;
  return [...(wrap(line, width - 2)[0] ?? []), piece(" …", "dim")];
}

function prepared(line: Line): Line {
  return line.map(({ text, tone }) => piece(safeText(text), tone));
}

function lengthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + glyphs(text).length, 0);
}

function glyphs(text: string): readonly string[] {
  return [...text];
}

function indented(line: Line, indent: number): Line {
  return indent === 0 || line.length === 0 ? line : [piece("  ".repeat(indent)), ...line];
}

function paint(line: Line, look: Look): string {
  const colours = createColors(look.colour);
  const brushes: Readonly<Record<Tone, (text: string) => string>> = {
    plain: (text) => text,
    strong: colours.bold,
    dim: colours.dim,
    good: colours.green,
    warn: colours.yellow,
    bad: colours.red,
  };
  return line.map(({ text, tone }) => brushes[tone](look.unicode ? text : asciiText(text))).join("");
}
