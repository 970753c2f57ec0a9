import { constants as buffers } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { Socket } from "node:net";
import { UserError } from "../contract/user-error.ts";
import { Interrupted } from "./errors.ts";
import { stopSignals } from "./stop-signals.ts";

const bytesPerMb = 1024 * 1024;

/**
 * The bytes of a file that somebody names, `mostBytes` at most; by default as many as a text can have. It may be a pipe, as `<(jq …)` of a shell
 * is: what its writer sends is waited for without holding a thread, since a process whose thread waits in `open` or `read` is ended by nothing but
 * SIGKILL. A signal ends the wait (`Interrupted`). What is larger is a UserError `file-too-large`; else it rejects with the errors of node:fs.
 */
export async function readNamedFile(path: string, mostBytes = buffers.MAX_STRING_LENGTH): Promise<Buffer> {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = fstatSync(file);
  if (stats.isFIFO()) return sentThrough(new Socket({ fd: file, readable: true, writable: false }), path, mostBytes);
  try {
    if (stats.size > mostBytes) throw tooLarge(path, mostBytes);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

async function sentThrough(pipe: Socket, path: string, mostBytes: number): Promise<Buffer> {
  const interrupt = (): void => {
    pipe.destroy(new Interrupted("interrupted"));
  };
  for (const signal of stopSignals) process.once(signal, interrupt);
  try {
    const parts: Uint8Array[] = [];
    for await (const part of pipe as AsyncIterable<Uint8Array>) {
      parts.push(part);
      if (pipe.bytesRead > mostBytes) throw tooLarge(path, mostBytes);
    }
    return Buffer.concat(parts);
  } finally {
    for (const signal of stopSignals) process.off(signal, interrupt);
  }
}

function tooLarge(path: string, mostBytes: number): UserError {
  const code = "file-too-large";
  return new UserError({ code, message: `${path} is larger than ${Math.round(mostBytes / bytesPerMb)} MB`, hint: "Check what was named." });
}
