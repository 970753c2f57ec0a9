import { hash } from "node:crypto";
import { canonicalJson } from "../../../contract/canonical-json.ts";

/** SHA-256 of a text's UTF-8 bytes, or of bytes, as 64 lower-case hex digits. */
export function sha256Hex(text: string | Buffer): string {
  // In one call: of a line of the journal it takes half the time.
  return hash("sha256", text, "hex");
}

/** SHA-256 of a value's canonical JSON: equal values, equal hashes. */
export function hashOf(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}
