/**
 * What a call of its own tells of a resource. `unseen`: AWS did not let us look, and nothing that depends on it may be decided; the reason
 * names the call.
 */
export type Seen<T> = { readonly kind: "seen"; readonly value: T } | { readonly kind: "unseen"; readonly reason: string };

/** What was seen; `otherwise` of what was not, for whoever goes on only where it was, or only tells of it. */
export function seenOr<T>(seen: Seen<T>, otherwise: NoInfer<T>): T {
  return seen.kind === "seen" ? seen.value : otherwise;
}
