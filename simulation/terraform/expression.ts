import { UserError } from "../../contract/user-error.ts";

/** `aws_x.y.attr[0].z` or `data.aws_x.y.attr`: a block and the path into it. */
export interface Reference {
  readonly mode: "resource" | "data";
  readonly type: string;
  readonly name: string;
  readonly path: readonly (string | number)[];
}

/** A string of Terraform JSON, cut into literal text and references. */
export type TemplatePart = string | Reference;

const traversal = /(?:\.([A-Za-z_][\w-]*))|(?:\.(\d+))|(?:\[(\d+)\])|(?:\["([^"\\]+)"\])/y;

/** Cuts a string at its `${…}`. `$${` is a literal `${`. Throws the UserError `not-simulated` for functions, conditions and splats. */
export function parseTemplate(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = "";
  let position = 0;
  while (position < text.length) {
    if (text.startsWith("$${", position) || text.startsWith("%%{", position)) {
      literal += text.slice(position + 1, position + 3);
      position += 3;
    } else if (text.startsWith("${", position)) {
      const end = text.indexOf("}", position);
      if (literal !== "") parts.push(literal);
      literal = "";
      parts.push(parseReference(text.slice(position + 2, end === -1 ? undefined : end), text));
      position = end === -1 ? text.length : end + 1;
    } else {
      literal += text[position];
      position += 1;
    }
  }
  return literal === "" && parts.length > 0 ? parts : [...parts, literal];
}

function parseReference(expression: string, whole: string): Reference {
  const first = /^[A-Za-z_][\w-]*/.exec(expression)?.[0];
  if (first === undefined) throw unsupported(expression, whole);
  const steps: (string | number)[] = [first];
  traversal.lastIndex = first.length;
  while (traversal.lastIndex < expression.length) {
    const match = traversal.exec(expression);
    if (match === null) throw unsupported(expression, whole);
    const [, attribute, dottedIndex, index, key] = match;
    steps.push(attribute ?? key ?? Number(dottedIndex ?? index));
  }
  const mode = first === "data" ? "data" : "resource";
  const [type, name, ...path] = mode === "data" ? steps.slice(1) : steps;
  if (typeof type !== "string" || typeof name !== "string" || path.length === 0) throw unsupported(expression, whole);
  return { mode, type, name, path };
}

function unsupported(expression: string, whole: string): UserError {
  return new UserError({
    code: "not-simulated",
    message: `the Terraform expression ${JSON.stringify(expression)} in ${JSON.stringify(whole.slice(0, 120))} is no plain reference`,
    hint: "the simulated account resolves references to resources, data sources and other stacks' outputs, no functions",
  });
}
