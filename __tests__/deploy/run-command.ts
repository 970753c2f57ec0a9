import { spawn } from "node:child_process";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Piped into standard input; without it standard input is closed. */
  readonly input?: string;
}

/** Runs a program to its end, whatever its exit code. */
export function runCommand(program: string, args: readonly string[], { cwd, environment, input }: RunOptions): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: definedOnly(environment), stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, stdout: Buffer.concat(stdout).toString("utf8"), stderr: Buffer.concat(stderr).toString("utf8") }));
    child.stdin?.end(input);
  });
}

/** Runs a program that must end with one of the given codes; throws with the end of what it printed otherwise. */
export async function runExpecting(codes: readonly number[], program: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  const ran = await runCommand(program, args, options);
  if (codes.includes(ran.code)) return ran;
  throw new Error(`${program} ${args.join(" ")} ended with ${ran.code}:\n${tail(ran.stdout)}\n${tail(ran.stderr)}`);
}

function tail(text: string): string {
  return text.slice(-6000);
}

export function definedOnly(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
