/**
 * C0 and C1 controls, DEL, line separators and bidirectional overrides: a resource's name must not move the cursor,
 * recolour the screen or reverse what stands beside it.
 */
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

export function safeText(text: string): string {
  return text.replace(unsafe, "");
}

/** The same of several lines: only the ends of lines stay. */
export function safeLines(text: string): string {
  return text.split("\n").map(safeText).join("\n");
}

const asciiGlyphs: Readonly<Record<string, string>> = {
  "→": "->",
  "×": "x",
  "÷": "/",
  "·": "-",
  "−": "-",
  "–": "-",
  "✓": "ok",
  "✗": "!!",
  "█": "#",
  "░": ".",
  "─": "-",
  "≤": "<=",
  "≥": ">=",
  "…": "...",
};

/** Our own glyphs in plain ASCII, for terminals that are not UTF-8; other characters become `?`. */
export function asciiText(text: string): string {
  return text.replace(/[^\u0020-\u007e]/gu, (glyph) => asciiGlyphs[glyph] ?? "?");
}
