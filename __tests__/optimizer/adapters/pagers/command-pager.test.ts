import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { boundedPager } from "../../../../optimizer/adapters/pagers/bounded-pager.ts";
import { createCommandPager } from "../../../../optimizer/adapters/pagers/command-pager.ts";
import { aPage } from "../../../support/a-page.ts";

const folder = mkdtempSync(join(tmpdir(), "pager-"));
afterAll(() => rmSync(folder, { recursive: true }));

function node(script: string, ...words: readonly string[]): readonly string[] {
  return [process.execPath, "-e", script, ...words];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("a command", () => {
  it("gets the message as one line of JSON on its standard input, and its arguments as they are, by no shell", async () => {
    const told = join(folder, "told");
    const script = "require('fs').writeFileSync(process.argv[1], JSON.stringify([process.argv[2], require('fs').readFileSync(0, 'utf8')]))";
    await createCommandPager(node(script, told, "$(touch x); *"), 30_000).send(aPage());
    const [word, input] = JSON.parse(readFileSync(told, "utf8")) as [string, string];
    expect(word).toBe("$(touch x); *");
    expect(input).toBe(`${JSON.stringify(aPage())}\n`);
  });

  it("that never ends is ended as soon as the process is stopped, or was before it began", async () => {
    const pager = createCommandPager(node("setInterval(() => undefined, 1000)"), 3_600_000);
    const stop = new AbortController();
    const sent = pager.send(aPage(), stop.signal);
    stop.abort();
    await expect(sent).rejects.toThrow("was ended, since this process was stopped");
    await expect(pager.send(aPage(), stop.signal)).rejects.toThrow("was ended, since this process was stopped");
  });

  it("that ends otherwise than with 0 has not told it, and says why in its own words", async () => {
    const pager = createCommandPager(node("console.error('no such rota'); process.exit(3)"), 30_000);
    await expect(pager.send(aPage())).rejects.toThrow(/ended with 3: no such rota/);
  });

  it("that reads nothing of a long message has told it when it ends with 0", async () => {
    await expect(createCommandPager(node("process.exit(0)"), 30_000).send(aPage({ text: "x".repeat(1_000_000) }))).resolves.toBeUndefined();
  });

  it("that does not exist is told as such", async () => {
    await expect(createCommandPager(["/no/such/program"], 30_000).send(aPage())).rejects.toThrow(/\/no\/such\/program could not be started: .*ENOENT/);
  });

  it("that hangs is ended after the time-out, with what it started", async () => {
    const pidFile = join(folder, "pid");
    const script =
      "const c = require('child_process').spawn('sleep', ['600']); require('fs').writeFileSync(process.argv[1], String(c.pid)); setInterval(() => 0, 1000)";
    const sending = createCommandPager(node(script, pidFile), 3_000).send(aPage());
    await expect(sending).rejects.toThrow("was ended after 3 s");
    expect(existsSync(pidFile)).toBe(true);
    const pid = Number(readFileSync(pidFile, "utf8"));
    await until(() => !isAlive(pid));
  });
});

describe("a pager of any kind", () => {
  it("that never answers is given up after its time", async () => {
    const pager = boundedPager({ channel: "sns", send: () => new Promise(() => undefined) }, 50);
    await expect(pager.send(aPage())).rejects.toThrow("gave no answer within 0.05 s");
  });

  it("is heard in both its answers", async () => {
    await expect(boundedPager({ channel: "sns", send: () => Promise.resolve() }, 5_000).send(aPage())).resolves.toBeUndefined();
    await expect(boundedPager({ channel: "sns", send: () => Promise.reject(new Error("no")) }, 5_000).send(aPage())).rejects.toThrow("no");
  });
});
