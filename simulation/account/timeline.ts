interface Entry<T> {
  readonly fromMs: number;
  readonly value: T;
}

/**
 * A value as a function of time: each entry holds from its moment until the next. Entries may lie in the future: that is how
 * transitions of minutes are known the moment they start, and how the past stays readable.
 */
export class Timeline<T> {
  /** Ascending, never empty. */
  #entries: [Entry<T>, ...Entry<T>[]];
  /** Where the last question was answered: reads mostly go forward in time. */
  #lastPlace = 0;

  constructor(fromMs: number, value: T) {
    this.#entries = [{ fromMs, value }];
  }

  /** The value at a moment; `undefined` before the first entry. */
  at(ms: number): T | undefined {
    return this.#entries[this.#placeOf(ms)]?.value;
  }

  /** The value at the end of all planned entries. */
  final(): T {
    return this.#last().value;
  }

  /** From `fromMs` on, and for good: entries planned for then or later are dropped. */
  set(fromMs: number, value: T): void {
    while (this.#entries.length > 1 && this.#last().fromMs >= fromMs) this.#entries.pop();
    if (this.#last().fromMs >= fromMs) this.#entries = [{ fromMs, value }];
    else this.#entries.push({ fromMs, value });
    this.#lastPlace = 0;
  }

  /** Changes the value from `fromMs` on, whatever is planned for later included. Whether the value had not changed at that moment before. */
  adjustFrom(fromMs: number, change: (value: T) => T): boolean {
    const place = this.#placeOf(fromMs);
    const before = this.#entries[place];
    const isNew = before !== undefined && before.fromMs < fromMs;
    if (isNew) this.#entries.splice(place + 1, 0, { fromMs, value: before.value });
    for (let at = Math.max(0, isNew ? place + 1 : place); at < this.#entries.length; at++) {
      const entry = this.#entries[at];
      if (entry !== undefined) this.#entries[at] = { fromMs: entry.fromMs, value: change(entry.value) };
    }
    this.#lastPlace = 0;
    return isNew;
  }

  /** The last moment that is planned. */
  lastMs(): number {
    return this.#last().fromMs;
  }

  /** Drops what is planned for after `ms`. */
  cutAfter(ms: number): void {
    while (this.#entries.length > 1 && this.#last().fromMs > ms) this.#entries.pop();
    this.#lastPlace = 0;
  }

  /** Moments at which the value changes, ascending; the first entry is a change too. */
  moments(): readonly number[] {
    return this.#entries.map((entry) => entry.fromMs);
  }

  #last(): Entry<T> {
    return this.#entries.at(-1) ?? this.#entries[0];
  }

  #holds(place: number, ms: number): boolean {
    return (this.#entries[place]?.fromMs ?? Infinity) <= ms && (this.#entries[place + 1]?.fromMs ?? Infinity) > ms;
  }

  /** The place of the entry that holds at a moment, −1 before the first: where the last one was found, else by bisection. */
  #placeOf(ms: number): number {
    if (this.#holds(this.#lastPlace, ms)) return this.#lastPlace;
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.fromMs ?? Infinity) <= ms) low = middle + 1;
      else high = middle;
    }
    this.#lastPlace = Math.max(low - 1, 0);
    return low - 1;
  }
}
