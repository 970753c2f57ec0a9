/** The comment before each member of an object in a source, by its path: nesting is told by indentation, which the formatter keeps. */
export function readComments(text: string, prefix: string, into: Map<string, string>): void {
  const open: { readonly indent: number; readonly name: string }[] = [];
  let comment: string[] = [];
  let isComment = false;
  for (const line of text.split("\n")) {
    const indent = line.search(/\S/);
    const begins = line.trimStart().startsWith("/**");
    if (begins || isComment) {
      if (begins) comment = [];
      comment.push(line.replace(/^\s*(?:\/\*\*|\*(?!\/))?\s?/, "").replace(/\s*\*\/\s*$/, ""));
      isComment = !line.includes("*/");
      continue;
    }
    const name = /^\s+(\w+):/.exec(line)?.[1];
    if (name !== undefined) {
      while (open.length > 0 && (open.at(-1)?.indent ?? 0) >= indent) open.pop();
      open.push({ indent, name });
      if (comment.length > 0) into.set(`${prefix}${open.map((each) => each.name).join(".")}`, comment.join(" ").trim());
    }
    comment = [];
  }
}
