import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

export interface DocumentedLine {
  /** `README.md:33`. */
  readonly place: string;
  /** Without its comment. */
  readonly line: string;
}

/** Every page that tells a user or a contributor what to type. */
export function documents(): readonly string[] {
  const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
  return ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", ...pages.toSorted().map((name) => join("docs", name))];
}

/** The lines of a page's `sh` blocks, and the `run:` steps of its workflows: what a reader pastes. */
export function commandLines(document: string): readonly DocumentedLine[] {
  const lines: DocumentedLine[] = [];
  let block: string | undefined;
  let isScript = false;
  for (const [index, text] of readFileSync(join(root, document), "utf8").split("\n").entries()) {
    const fence = /^\s*```(\w*)/.exec(text);
    if (fence !== null) {
      block = block === undefined ? fence[1] : undefined;
      isScript = false;
      continue;
    }
    const place = `${document}:${index + 1}`;
    if (block === "sh" && text.trim() !== "") lines.push({ place, line: withoutComment(text) });
    if (block !== "yaml") continue;
    const step = /^\s*- run: (.*)$/.exec(text)?.[1];
    if (step === "|") isScript = true;
    else if (step !== undefined) lines.push({ place, line: withoutComment(step) });
    else if (/^\s*- /.test(text) || /^\s{8}\w+:/.test(text)) isScript = false;
    else if (isScript) lines.push({ place, line: withoutComment(text) });
  }
  return lines.filter(({ line }) => line !== "");
}

/** Calls of the optimizer within a sentence: `npx optimizer status`. */
export function inlineCommands(document: string): readonly DocumentedLine[] {
  return readFileSync(join(root, document), "utf8")
    .split("\n")
    .flatMap((text, index) =>
      [...text.matchAll(/`(?:npx )?optimizer ([a-z][^`]*)`/g)].map(([, line = ""]) => ({ place: `${document}:${index + 1}`, line: `npx optimizer ${line}` })),
    );
}

function withoutComment(text: string): string {
  return text.replace(/(^|\s)#\s.*$/, "").trim();
}
