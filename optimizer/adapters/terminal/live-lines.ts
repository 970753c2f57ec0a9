/** Redraws at most this often; a virtual clock runs a week in seconds. */
const pauseMs = 60;

export interface LiveLines {
  /** Replaces the live lines; drawn now or, when the last drawing was a moment ago, with a later call. Where nobody sees them they are not made. */
  show(make: () => readonly string[]): void;
  /** Prints lines that stay, above the live ones. */
  print(lines: readonly string[]): void;
  /** Removes the live lines from the screen. */
  clear(): void;
}

/** A few lines at the bottom of a terminal that are redrawn in place; without one (`live` false) only what stays is written. */
export function createLiveLines(write: (text: string) => void, live: boolean, nowMs: () => number): LiveLines {
  let drawn = 0;
  let lastDrawnMs = Number.NEGATIVE_INFINITY;
  let current: readonly string[] = [];

  const erase = (): string => (drawn === 0 ? "" : `\u001b[${drawn}A\u001b[J`);
  const draw = (): string => {
    drawn = current.length;
    lastDrawnMs = nowMs();
    return current.map((line) => `${line}\n`).join("");
  };

  return {
    show(make) {
      if (!live) return;
      const lines = make();
      current = lines;
      if (nowMs() - lastDrawnMs < pauseMs && drawn === lines.length) return;
      write(erase() + draw());
    },
    print(lines) {
      const text = lines.map((line) => `${line}\n`).join("");
      write(live ? erase() + text + draw() : text);
    },
    clear() {
      if (live && drawn > 0) write(erase());
      drawn = 0;
      current = [];
    },
  };
}
