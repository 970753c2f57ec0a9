import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const serverFolder = fileURLToPath(new URL("../support/local-aws", import.meta.url));

/** Where blueprints deploy by default: what is left behind is looked for there. */
export const regions: readonly string[] = ["us-east-1", "us-west-2"];

/** A call that changed something, as the server lists it. */
export interface MutatingCall {
  readonly sequence: number;
  readonly atMs: number;
  readonly service: string;
  readonly region: string;
  readonly action: string;
  readonly agent: "terraform" | "sdk";
  readonly status: number;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Seconds of the server's time that transitions take; see local_aws/settings.py. */
export interface Durations {
  readonly instance_refresh?: number;
  readonly instance_class_change?: number;
  readonly failover?: number;
  readonly index_change?: number;
}

/** AWS on this machine: moto's server with our extension, and what a test may do to it beside AWS's own calls. */
export class LocalAws {
  readonly url: string;
  private readonly server: ChildProcess;
  private readonly logFile: string;

  private constructor(url: string, server: ChildProcess, logFile: string) {
    this.url = url;
    this.server = server;
    this.logFile = logFile;
  }

  /** Starts the server; what it prints, such as the Python errors behind an answer with status 500, goes to `logFile`. */
  static async start(python: string, logFile: string): Promise<LocalAws> {
    const port = await freePort();
    const log = openSync(logFile, "w");
    const server = spawn(python, ["-m", "local_aws", "--port", String(port)], {
      cwd: serverFolder,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    const aws = new LocalAws(`http://127.0.0.1:${port}`, server, logFile);
    await aws.untilItAnswers();
    return aws;
  }

  async stop(): Promise<void> {
    if (this.server.exitCode !== null) return;
    const ended = new Promise((resolve) => this.server.once("exit", resolve));
    this.server.kill("SIGTERM");
    await ended;
  }

  private printed(): string {
    return readFileSync(this.logFile, "utf8");
  }

  async nowMs(): Promise<number> {
    return (await this.ask<{ nowMs: number }>("/tap/clock")).nowMs;
  }

  async advance(seconds: number): Promise<void> {
    await this.ask("/tap/clock", { advanceSeconds: seconds });
  }

  async transitionsTake(durations: Durations): Promise<void> {
    await this.ask("/tap/durations", durations);
  }

  /** Every transition that the server has a time for. */
  async everyTransitionTakes(seconds: number): Promise<void> {
    const known = await this.ask<Readonly<Record<string, number>>>("/tap/durations");
    await this.ask("/tap/durations", Object.fromEntries(Object.keys(known).map((name) => [name, seconds])));
  }

  /** Mutating calls after the one with this sequence number. */
  async calls(since = 0): Promise<readonly MutatingCall[]> {
    return this.ask<readonly MutatingCall[]>(`/tap/calls?since=${since}`);
  }

  /** Calls that nobody has built, and that were refused. */
  async unsupported(): Promise<readonly { readonly service: string; readonly action: string; readonly reason: string }[]> {
    return this.ask("/tap/unsupported");
  }

  /** Names of all that exists, by region and kind. */
  async resources(): Promise<Readonly<Record<string, readonly string[]>>> {
    return this.ask(`/tap/resources?regions=${regions.join(",")}`);
  }

  private async ask<T>(path: string, body?: object): Promise<T> {
    const answer = await fetch(this.url + path, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  private async untilItAnswers(): Promise<void> {
    for (const begunMs = performance.now(); performance.now() - begunMs < longestStartMs;) {
      if (this.server.exitCode !== null) throw new Error(`the local AWS server ended with ${this.server.exitCode}:\n${this.printed()}`);
      const answers = await this.nowMs().then(
        () => true,
        () => false,
      );
      if (answers) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the local AWS server did not answer within ${longestStartMs / 1000} s:\n${this.printed()}`);
  }
}

/** On a machine with other things to do, loading the server takes long. */
const longestStartMs = 300_000;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no free port"))));
    });
  });
}
