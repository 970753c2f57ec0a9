import { resources, type StackDocument } from "../synthesized-stacks.ts";

/** `aws_iam_role.app` of `${aws_iam_role.app.arn}`; a data source has `data.` before it and is not among the resources. */
const reference = /\$\{([a-z0-9_]+\.[\w-]+)\./g;

/** Addresses of what `value` refers to. */
export function referencesIn(value: unknown): readonly string[] {
  return [...(JSON.stringify(value) ?? "").matchAll(reference)].map(([, address = ""]) => address);
}

/** Addresses of all that Terraform makes before the resource: what it refers to or depends on, and what those do. */
export function madeBefore(document: StackDocument, address: string): ReadonlySet<string> {
  const values = new Map(resources(document).map((one) => [one.address, one.values]));
  const found = new Set<string>();
  const visit = (of: string): void => {
    const { depends_on: dependsOn = [], ...others } = values.get(of) ?? {};
    for (const next of [...[dependsOn].flat().map(String), ...referencesIn(others)]) {
      if (found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(address);
  return found;
}
