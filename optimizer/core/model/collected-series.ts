import type { Observation } from "./observation.ts";

/**
 * Collected series by their `seriesId`, which say which were looked for and not there: what was found out without them stays true when others
 * are read later, and need not be found out again.
 */
export class CollectedSeries extends Map<string, Observation> {
  readonly #watches: Set<string>[] = [];

  override get(id: string): Observation | undefined {
    const found = super.get(id);
    if (found === undefined) for (const missed of this.#watches) missed.add(id);
    return found;
  }

  override has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  /** Nobody's looking for it. */
  isThere(id: string): boolean {
    return super.has(id);
  }

  /** What `work` returns, and what it looked for in vain. Within another watch both see it. */
  watch<R>(work: () => R): { readonly result: R; readonly missed: ReadonlySet<string> } {
    const missed = new Set<string>();
    this.#watches.push(missed);
    try {
      return { result: work(), missed };
    } finally {
      this.#watches.pop();
    }
  }

  /** Whoever watches now uses what was found out earlier without these. */
  missing(ids: Iterable<string>): void {
    for (const missed of this.#watches) for (const id of ids) missed.add(id);
  }
}
