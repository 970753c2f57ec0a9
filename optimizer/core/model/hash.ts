import { createHash } from "node:crypto";
import { canonicalJson } from "../../../contract/canonical-json.ts";

/** SHA-256 of the UTF-8 bytes, as 64 lower-case hex digits. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** The same of a text that comes in parts. */
export function sha256HexOf(parts: Iterable<string>): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part, "utf8");
  return hash.digest("hex");
}

/** SHA-256 of a value's canonical JSON: equal values, equal hashes. */
export function hashOf(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}
