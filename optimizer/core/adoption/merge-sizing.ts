import { keyedPaths } from "../../../contract/components.ts";
import { UserError } from "../../../contract/user-error.ts";
import { type Sizing, sizingSchema } from "../../../contract/sizing.ts";
import type { SizingChange } from "../model/action.ts";

type Node = { readonly [key: string]: unknown };

/**
 * The sizing with one change merged in at a component's path (`compute`, `tables.tenants`, `aurora.instances.tap-prod-aurora-1`).
 * Idempotent; whatever else stands in the sizing stays. A change that the schema does not know is a UserError.
 */
export function mergeSizing(sizing: Sizing, path: string, change: SizingChange): Sizing {
  const merged = mergeAt(sizing, pathParts(path), (component) => withProperty(component, change));
  const parsed = sizingSchema.safeParse(merged);
  if (parsed.success) return parsed.data;
  throw new UserError({
    code: "sizing-not-expressible",
    message: `${path}.${change.property} = ${JSON.stringify(change.value)} cannot be written to a sizing file: ${parsed.error.issues.map((issue) => issue.message).join("; ")}`,
    hint: "change it in the stacks by hand, or update both sides of this project to the same version",
  });
}

/** Only the fixed part of a path is split. */
function pathParts(path: string): readonly string[] {
  for (const prefix of Object.values(keyedPaths)) {
    if (path.startsWith(prefix)) return [...prefix.slice(0, -1).split("."), path.slice(prefix.length)];
  }
  return [path];
}

function mergeAt(node: Node, parts: readonly string[], edit: (component: Node) => Node): Node {
  const [part, ...rest] = parts;
  if (part === undefined) return edit(node);
  return { ...node, [part]: mergeAt(nodeAt(node, part), rest, edit) };
}

function nodeAt(node: Node, key: string): Node {
  const value = Object.hasOwn(node, key) ? node[key] : undefined;
  return isNode(value) ? value : {};
}

function withProperty(component: Node, { property, operation, value }: SizingChange): Node {
  switch (operation) {
    case "set":
      return { ...component, [property]: value };
    case "append": {
      const now = Object.hasOwn(component, property) ? component[property] : undefined;
      const list: readonly unknown[] = Array.isArray(now) ? now : [];
      return { ...component, [property]: list.includes(value) ? list : [...list, value].sort((a, b) => (String(a) < String(b) ? -1 : 1)) };
    }
    case "remove": {
      const { [property]: now, ...others } = component;
      const left = (Array.isArray(now) ? (now as readonly unknown[]) : []).filter((each) => each !== value);
      return left.length === 0 ? others : { ...others, [property]: left };
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
