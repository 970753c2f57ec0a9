/** Text that is already HTML. Only `html` makes it, so whatever else reaches a page was escaped. */
export interface Markup {
  readonly markup: string;
}

export type Child = string | number | Markup | undefined | readonly Child[];

/** HTML from a template: every inserted string is escaped, for element content and for quoted attributes alike. */
export function html(literals: TemplateStringsArray, ...children: readonly Child[]): Markup {
  return { markup: literals.reduce((sum, literal, index) => sum + render(children[index - 1]) + literal) };
}

function render(child: Child): string {
  if (child === undefined) return "";
  if (typeof child === "string") return escapeHtml(child);
  if (typeof child === "number") return String(child);
  return isList(child) ? child.map(render).join("") : child.markup;
}

function isList(child: Markup | readonly Child[]): child is readonly Child[] {
  return Array.isArray(child);
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "`": "&#96;" };

/** Bidirectional overrides and controls would let a name rewrite what is read beside it. */
const invisible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Half of a character of two units, which UTF-8 cannot write. */
const halves = /\p{Surrogate}/gu;

export function withoutInvisible(text: string): string {
  return text.replace(invisible, "").replace(halves, "\ufffd");
}

export function escapeHtml(text: string): string {
  return withoutInvisible(text).replace(/[&<>"'`]/g, (character) => entities[character] ?? "");
}
