import { hash } from "node:crypto";

/** The first `length` (≤ 64) hex digits of a hash over the parts: an identifier that every replay gives again. */
export function deterministicHex(parts: readonly string[], length: number): string {
  return hash("sha256", JSON.stringify(parts), "hex").slice(0, length);
}

/** A UUID made of a hash over the parts. */
export function deterministicUuid(parts: readonly string[]): string {
  const hex = deterministicHex(parts, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
