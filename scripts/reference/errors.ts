import { UserError } from "../../contract/user-error.ts";
import { exitCodeOf } from "../../optimizer/errors.ts";
import { sourcesIn } from "./sources.ts";

export interface DocumentedError {
  readonly code: string;
  /** Its messages, with `…` for what is filled in; empty where they are put together elsewhere. */
  readonly messages: readonly string[];
  readonly hints: readonly string[];
  readonly exitCode: number;
}

/** Every error that a user can mend, by its code, as the sources throw it. */
export function documentedErrors(): readonly DocumentedError[] {
  const byCode = new Map<string, { readonly messages: Set<string>; readonly hints: Set<string> }>();
  for (const { text } of sourcesIn("contract", "optimizer")) {
    for (const body of thrownIn(text)) {
      const code = /\bcode: "([a-z-]+)"/.exec(body)?.[1];
      if (code === undefined) continue;
      const known = byCode.get(code) ?? { messages: new Set(), hints: new Set() };
      byCode.set(code, known);
      for (const [name, into] of [
        ["message", known.messages],
        ["hint", known.hints],
      ] as const) {
        const said = literalAfter(body, name);
        if (said !== undefined) into.add(said);
      }
    }
  }
  return [...byCode]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { messages, hints }]) => ({
      code,
      messages: [...messages],
      hints: [...hints],
      exitCode: exitCodeOf(new UserError({ code, message: "", hint: "" })),
    }));
}

/** The object that each `new UserError({ … })` is given, whole. */
function thrownIn(text: string): readonly string[] {
  return [...text.matchAll(/new UserError\(\{/g)].map(({ index }) => {
    const start = text.indexOf("{", index);
    let depth = 0;
    for (let at = start; at < text.length; at++) {
      if (text[at] === "{") depth++;
      else if (text[at] === "}" && --depth === 0) return text.slice(start, at + 1);
    }
    throw new Error(`an error's braces are never closed: ${text.slice(start, start + 80)}`);
  });
}

/** The text of a string or template that a property begins with; undefined where it is put together otherwise. */
function literalAfter(body: string, property: string): string | undefined {
  const found = new RegExp(`\\b${property}:\\s*(?=["'\`])`).exec(body);
  if (found === null) return undefined;
  let at = found.index + found[0].length;
  const quote = body[at];
  let text = "";
  for (at++; at < body.length && body[at] !== quote; at++) {
    if (body[at] === "\\") text += body[++at] === "n" ? " " : (body[at] ?? "");
    else if (quote === "`" && body.startsWith("${", at)) {
      at = endOfHole(body, at);
      text += "…";
    } else text += body[at];
  }
  return text.replaceAll(/\s+/g, " ").trim();
}

/** Where the `}` of a template's `${` stands. */
function endOfHole(body: string, from: number): number {
  let depth = 0;
  for (let at = from; at < body.length; at++) {
    if (body[at] === "{") depth++;
    else if (body[at] === "}" && --depth === 0) return at;
  }
  throw new Error(`a template's hole is never closed: ${body.slice(from, from + 80)}`);
}
