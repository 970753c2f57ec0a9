import type { StackDocument } from "./synthesized-stacks.ts";

/**
 * A stack as a person reads it: one block an address with its provider, properties sorted, policies and scripts unfolded.
 * cdktf's own metadata and the hashes behind logical ids are left out, so that only what AWS would see is compared.
 */
export function readableStack(document: StackDocument): string {
  const blocks = [
    ...elements("", document.resource),
    ...elements("data.", document.data),
    ...Object.entries(document.output).map(([name, output]) => `output ${name}\n${lines(withoutMetadata(output), "  ")}`),
  ];
  return `${lines({ terraform: document.terraform, provider: document.provider }, "")}\n\n${blocks.map(withoutHashes).sort().join("\n\n")}\n`;
}

function elements(prefix: string, byType: StackDocument["resource"]): readonly string[] {
  return Object.entries(byType).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, values]) => {
      const { provider = "aws", ...rest } = withoutMetadata(values);
      return `${prefix}${type}.${id} [${String(provider)}]\n${lines(rest, "  ")}`;
    }),
  );
}

function withoutMetadata(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key !== "//"));
}

function withoutHashes(text: string): string {
  return text.replaceAll(/_[0-9A-F]{8}\b/g, "").replaceAll(/(table|cluster|global)_[0-9A-F]{8}(?=[a-z])/g, "$1");
}

function lines(value: unknown, indent: string): string {
  const unfolded = unfold(value);
  if (typeof unfolded === "string" && unfolded.includes("\n"))
    return unfolded
      .trimEnd()
      .split("\n")
      .map((line) => `${indent}| ${line}`.trimEnd())
      .join("\n");
  if (unfolded === null || typeof unfolded !== "object") return `${indent}${String(unfolded)}`;
  const members = Object.entries(unfolded).sort(([a], [b]) => (Array.isArray(unfolded) ? 0 : a < b ? -1 : 1));
  if (members.length === 0) return `${indent}${Array.isArray(unfolded) ? "[]" : "{}"}`;
  return members
    .map(([key, member]) => {
      const label = Array.isArray(unfolded) ? "-" : `${key}:`;
      const inner = unfold(member);
      const simple = (inner === null || typeof inner !== "object" || Object.keys(inner).length === 0) && !(typeof inner === "string" && inner.includes("\n"));
      return simple ? `${indent}${label} ${lines(inner, "")}` : `${indent}${label}\n${lines(inner, `${indent}  `)}`;
    })
    .join("\n");
}

/** A policy given as JSON becomes an object, a script given as base64 its text. */
function unfold(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (value.startsWith('{"')) return JSON.parse(value);
  const decoded = Buffer.from(value, "base64").toString("utf8");
  return decoded.startsWith("#!") ? decoded : value;
}
