import { closeSync } from "node:fs";
import { isatty } from "node:tty";

const standardStreams = [0, 1, 2] as const;

/**
 * At its end Node gives each terminal that it began with its modes back, and aborts (SIGABRT) where the terminal is gone, as after a closed window
 * or a lost connection: whoever waits for the exit code gets another one, and a core is dumped. What is closed it leaves alone.
 */
export function endWellWithoutTerminal(): void {
  const terminals = standardStreams.filter((descriptor) => isatty(descriptor));
  process.once("exit", () => {
    for (const descriptor of terminals) if (!isatty(descriptor)) closeSync(descriptor);
  });
}
