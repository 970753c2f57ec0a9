import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/**
 * Loaded before the program (`node --import`): kills its process with SIGKILL at one exact place.
 * `TAP_KILL_AT=<where>:<which>`. Within the process's call number `which` that changes the simulated account: `before` the call's line is
 * written, with the line `torn`, when it is `written`, or when it is `durable`, yet unanswered. Or with the journal's record number `which`
 * of the process torn, slots not counted: `record`.
 */
const [where, which] = (process.env.TAP_KILL_AT ?? "").split(":");
// Named imports would change along with what is replaced below.
const { writeSync, fdatasyncSync } = fs;
let seen = 0;
let inFatalCall = false;

function die() {
  process.kill(process.pid, "SIGKILL");
}

function isTheOne() {
  seen += 1;
  return seen === Number(which);
}

fs.writeSync = (file, bytes, ...rest) => {
  const isFatal = where === "record" ? isRecord(bytes) : bytes.includes('"kind":"call"');
  if (!isFatal || !isTheOne()) return writeSync(file, bytes, ...rest);
  if (where === "before") die();
  if (where === "torn" || where === "record") {
    writeSync(file, bytes, 0, Math.floor(bytes.length / 2));
    die();
  }
  const written = writeSync(file, bytes, ...rest);
  if (where === "written") die();
  inFatalCall = true;
  return written;
};

fs.fdatasyncSync = (file) => {
  fdatasyncSync(file);
  if (inFatalCall) die();
};

syncBuiltinESMExports();

function isRecord(bytes) {
  return bytes.includes('{"v":1,"seq":') && !bytes.includes('"type":"SLOT"');
}
