import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export const root = join(import.meta.dirname, "..", "..");

/** Why these tests are skipped, or undefined. In CI a missing part is a failure. */
export const missingInWords = spawnSync("tmux", ["-V"]).error === undefined ? undefined : "tmux is not installed (Debian: apt-get install tmux)";
if (missingInWords !== undefined && process.env["TAP_REQUIRE_REAL_PARTS"] === "1") throw new Error(missingInWords);

const pollMs = 50;
/** Only to end what hangs. */
const longestMs = 120_000;

export interface Terminal {
  /** What stands on the screen now, line by line, with escapes where `colours` is asked for. */
  screen(colours?: boolean): readonly string[];
  /** Waits until the screen shows it. */
  shows(pattern: RegExp): Promise<readonly string[]>;
  press(key: string): void;
  /** As a window that is closed, or a connection that is lost. */
  hangUp(): void;
  /** The exit code of the command, once it ended. */
  exitCode(): Promise<number>;
  close(): void;
}

/** A terminal of that many columns in which one command runs, as a person would have typed it. Its shell stays after it. */
export function openTerminal(command: string, columns: number, environment: Readonly<Record<string, string>> = {}): Terminal {
  const folder = mkdtempSync(join(tmpdir(), "tap-terminal-"));
  const socket = join(folder, "tmux");
  const codeFile = join(folder, "code");
  const tmux = (...args: readonly string[]): string => execFileSync("tmux", ["-S", socket, "-f", "/dev/null", ...args], { encoding: "utf8" });
  const variables = Object.entries({ LANG: "C.UTF-8", ...environment }).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  // The shell that asks must outlive a Ctrl-C, as an interactive one does, and here the terminal itself, to say how the command ended. A shell around
  // it is the one that the terminal belongs to: it ends with it, as a login shell does, so that the kernel sends SIGHUP to all that it had started.
  const line = `trap : INT HUP; unset NO_COLOR FORCE_COLOR; ${command}; printf %s $? > ${codeFile}`;
  const own = environment["NO_COLOR"] === undefined ? line : line.replace("unset NO_COLOR ", "unset ");
  const around = 'trap : INT; bash -c "$1"; sleep 600';
  tmux("new-session", "-d", "-x", String(columns), "-y", "50", "-c", root, ...variables, "bash", "-c", around, "bash", own);
  const screen = (colours = false): readonly string[] => tmux("capture-pane", "-p", ...(colours ? ["-e"] : [])).split("\n");
  return {
    screen,
    async shows(pattern) {
      for (let waitedMs = 0; waitedMs < longestMs; waitedMs += pollMs) {
        const lines = screen();
        if (lines.some((each) => pattern.test(each))) return lines;
        await pause(pollMs);
      }
      throw new Error(`the screen never showed ${pattern}:\n${screen().join("\n")}`);
    },
    press: (key) => void tmux("send-keys", key),
    hangUp: () => void tmux("kill-server"),
    async exitCode() {
      for (let waitedMs = 0; waitedMs < longestMs; waitedMs += pollMs) {
        const text = spawnSync("cat", [codeFile], { encoding: "utf8" }).stdout;
        if (text !== "") return Number(readFileSync(codeFile, "utf8"));
        await pause(pollMs);
      }
      throw new Error("the command did not end");
    },
    close() {
      spawnSync("tmux", ["-S", socket, "kill-server"]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
