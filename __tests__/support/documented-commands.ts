import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

export interface DocumentedLine {
  /** `README.md:33`. */
  readonly place: string;
  /** Without its comment. */
  readonly line: string;
  /** Of the page: a variable that a line of it sets holds for its later lines. */
  readonly block: number;
}

/** Places of blocks that do not say what they are: commands in them would be tried by nobody. */
export function namelessBlocks(document: string): readonly string[] {
  let isOpen = false;
  return linesOf(document).flatMap((text, index) => {
    const fence = /^\s*```(\w*)/.exec(text);
    if (fence === null) return [];
    isOpen = !isOpen;
    return isOpen && fence[1] === "" ? [`${document}:${index + 1}`] : [];
  });
}

/** How many steps of a page's workflows run something. */
export function workflowSteps(document: string): number {
  return linesOf(document).filter((text) => /^\s*(?:- )?run:/.test(text)).length;
}

function linesOf(document: string): readonly string[] {
  return readFileSync(join(root, document), "utf8").split("\n");
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
  let blocks = 0;
  let begun = "";
  for (const [index, text] of linesOf(document).entries()) {
    const fence = /^\s*```(\w*)/.exec(text);
    if (fence !== null) {
      block = block === undefined ? fence[1] : undefined;
      isScript = false;
      blocks++;
      continue;
    }
    const place = `${document}:${index + 1}`;
    if (block === "sh") {
      // A line that ends with a backslash goes on in the next one.
      begun += withoutComment(text).replace(/\\$/, "");
      if (!text.endsWith("\\")) {
        lines.push({ place, line: begun, block: blocks });
        begun = "";
      }
    }
    if (block !== "yaml") continue;
    const step = /^\s*- run: (.*)$/.exec(text)?.[1];
    if (step === "|") isScript = true;
    else if (step !== undefined) lines.push({ place, line: withoutComment(step), block: blocks });
    else if (/^\s*- /.test(text) || /^\s{8}\w+:/.test(text)) isScript = false;
    else if (isScript) lines.push({ place, line: withoutComment(text), block: blocks });
  }
  return lines.filter(({ line }) => line !== "");
}

/** Calls of the optimizer within a sentence: `npx optimizer status`. */
export function inlineCommands(document: string): readonly Pick<DocumentedLine, "place" | "line">[] {
  return linesOf(document).flatMap((text, index) =>
    [...text.matchAll(/`(?:npx )?optimizer ([a-z][^`]*)`/g)].map(([, line = ""]) => ({ place: `${document}:${index + 1}`, line: `npx optimizer ${line}` })),
  );
}

function withoutComment(text: string): string {
  return text.replace(/(^|\s)#\s.*$/, "").trim();
}
