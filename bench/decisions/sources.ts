import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What accounts are made of, deployed from, decided about and judged by. */
const folders = ["contract", "constructs", "stacks", "simulation", "optimizer", "bench/decisions"];

/** The same for the same sources, whatever is committed of them. */
export function nameOfSources(root: string): string {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(?:ts|json)$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  const hash = createHash("sha256");
  for (const file of files.toSorted())
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  return hash.digest("hex").slice(0, 12);
}
