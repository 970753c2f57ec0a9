import { createColors } from "picocolors";
import { type Block, type Line, piece, type Piece, type Tone } from "../../core/model/telling.ts";
import { asciiText, safeText } from "./safe-text.ts";

/** What a terminal shows. */
export interface Display {
  /** Columns; less than 80 is taken as 80. */
  readonly width: number;
  readonly colour: boolean;
  readonly unicode: boolean;
}

const minWidth = 80;
const minLastColumn = 24;
/** A longer word may be broken. */
const longestWhole = 40;
const gutter = 2;

/** Blocks as lines of text that fit the width; nothing in them can control the terminal. */
export function layout(blocks: readonly Block[], display: Display): readonly string[] {
  const width = Math.max(minWidth, display.width);
  return blocks.flatMap((block) => blockLines(block, width)).map((line) => paint(line, display));
}

/** One line, cut to the width: for live lines, which must never wrap. */
export function oneLine(line: Line, display: Display): string {
  return paint(cut(prepared(line), Math.max(minWidth, display.width) - 1), display);
}

function blockLines(block: Block, width: number): readonly Line[] {
  switch (block.kind) {
    case "gap":
      return [[]];
    case "heading":
      return hangingLines(prepared([piece(block.text, "strong"), ...(block.note === undefined ? [] : [piece(`  ${block.note}`, "dim")])]), width, 2);
    case "line":
      return hangingLines(prepared(block.line), width - block.indent * 2, block.hang ?? 0).map((line) => indented(line, block.indent));
    case "table":
      return tableLines(block, width);
    default:
      return block satisfies never;
  }
}

/** The first line at full width, the rest narrower and further in. */
function hangingLines(line: Line, width: number, hang: number): readonly Line[] {
  const [first = [], ...rest] = wrap(line, width);
  if (rest.length === 0 || hang === 0) return [first, ...rest];
  const left = dropGlyphs(line, lengthOf(first));
  return [first, ...wrap(trimStart(left), width - hang).map((each): Line => [piece(" ".repeat(hang)), ...each])];
}

function dropGlyphs(line: Line, amount: number): Line {
  let left = amount;
  return line.flatMap(({ text, tone }) => {
    const all = glyphs(text);
    const dropped = Math.min(left, all.length);
    left -= dropped;
    return dropped === all.length ? [] : [piece(all.slice(dropped).join(""), tone)];
  });
}

function trimStart(line: Line): Line {
  const start = line.findIndex(({ text }) => text.trim() !== "");
  if (start < 0) return [];
  return line.slice(start).map((each, index) => (index === 0 ? piece(each.text.trimStart(), each.tone) : each));
}

function tableLines(table: Extract<Block, { kind: "table" }>, width: number): readonly Line[] {
  const rows = table.rows.map((row) => row.map(prepared));
  const columns = Array.from({ length: Math.max(0, ...rows.map((row) => row.length)) }, (_, column) => widthsOf(rows.map((row) => row[column] ?? [])));
  if (columns.length === 0) return [];
  const available = width - table.indent * 2;
  const widths = fitted(columns, available);
  const laidOut = (row: readonly Line[]): readonly Line[] => {
    if (widths !== undefined) return rowLines(row, widths, table.right);
    // Too narrow for all: the last cell goes below the others.
    const others = columns.slice(0, -1);
    return [
      ...rowLines(row.slice(0, others.length), fitted(others, available) ?? forced(others, available), table.right),
      ...hung(row[others.length] ?? [], available),
    ];
  };
  return rows.flatMap((row) => laidOut(row).map((line) => indented(line, table.indent)));
}

interface ColumnWidths {
  readonly natural: number;
  /** Narrower would break a word. */
  readonly longestWord: number;
}

function widthsOf(cells: readonly Line[]): ColumnWidths {
  const words = cells.flatMap(wordsOf).map(({ text }) => glyphs(text).length);
  return { natural: Math.max(0, ...cells.map(lengthOf)), longestWord: Math.min(longestWhole, Math.max(0, ...words)) };
}

/** Columns that fit, however their words are wrapped. */
function forced(columns: readonly ColumnWidths[], available: number): readonly number[] {
  const each = Math.floor((available - gutter * (columns.length - 1)) / Math.max(1, columns.length));
  return columns.map(({ natural }) => Math.max(1, Math.min(natural, each)));
}

/** The last column takes what is left; where that is too little, the widest of the others gives way and wraps too. `undefined` when that would break words. */
function fitted(columns: readonly ColumnWidths[], available: number): readonly number[] | undefined {
  const widths = columns.map(({ natural }) => natural);
  const last = widths.length - 1;
  const gutters = gutter * last;
  const wanted = Math.min(columns[last]?.natural ?? 0, Math.max(minLastColumn, columns[last]?.longestWord ?? 0));
  const others = (): number => widths.slice(0, last).reduce((sum, each) => sum + each, 0);
  while (others() + gutters + wanted > available) {
    const widest = widestThatYields(widths, columns);
    if (widest === undefined) return undefined;
    const now = widths[widest] ?? 0;
    widths[widest] = Math.max(columns[widest]?.longestWord ?? 0, now - (others() + gutters + wanted - available));
  }
  widths[last] = Math.min(columns[last]?.natural ?? 0, available - gutters - others());
  return widths;
}

/** The widest of all columns but the last. */
function widestThatYields(widths: readonly number[], columns: readonly ColumnWidths[]): number | undefined {
  let widest: number | undefined;
  for (const [column, width] of widths.slice(0, -1).entries()) {
    if (width > (columns[column]?.longestWord ?? 0) && (widest === undefined || width > (widths[widest] ?? 0))) widest = column;
  }
  return widest;
}

const hungIndent = 4;

function hung(line: Line, width: number): readonly Line[] {
  if (line.length === 0) return [];
  return wrap(line, width - hungIndent).map((each): Line => [piece(" ".repeat(hungIndent)), ...each]);
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
  // A per cent sign stays with its number, an arrow with what it leads from.
  return line.flatMap(({ text, tone }) => (text.match(/\s+|\S+(?: (?:%[,;.)]*|→)(?!\S))?/g) ?? []).map((word) => piece(word, tone)));
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
  return Array.from(text);
}

function indented(line: Line, indent: number): Line {
  return indent === 0 || line.length === 0 ? line : [piece("  ".repeat(indent)), ...line];
}

function paint(line: Line, display: Display): string {
  const colours = createColors(display.colour);
  const brushes: Readonly<Record<Tone, (text: string) => string>> = {
    plain: (text) => text,
    strong: colours.bold,
    dim: colours.dim,
    good: colours.green,
    warn: colours.yellow,
    bad: colours.red,
  };
  return runsOfTone(line)
    .map(({ text, tone }) => brushes[tone](display.unicode ? text : asciiText(text)))
    .join("");
}

/** One escape pair for words that look alike, and none for what only separates them. */
function runsOfTone(line: Line): Line {
  const runs: Piece[] = [];
  for (const { text, tone } of line) {
    const last = runs.at(-1);
    // Space takes no colour of its own: it belongs to the run before it, where more of that run follows.
    if (last !== undefined && (last.tone === tone || text.trim() === "")) runs[runs.length - 1] = piece(last.text + text, last.tone);
    else runs.push(piece(text, tone));
  }
  return runs.flatMap(({ text, tone }) => {
    const words = text.trimEnd();
    return words.length === text.length || words === "" ? [piece(text, words === "" ? "plain" : tone)] : [piece(words, tone), piece(text.slice(words.length))];
  });
}
