import fs from "node:fs";
import { open } from "node:fs/promises";
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
const { prototype, write } = await fileHandles();
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
  const isCall = where !== "record" && bytes.includes('"kind":"call"');
  if (!isCall || !isTheOne()) return writeSync(file, bytes, ...rest);
  if (where === "before") die();
  if (where === "torn") {
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

prototype.write = async function writeOrDie(bytes, offset, length, position) {
  const isRecord = where === "record" && bytes.includes('{"v":1,"seq":') && !bytes.includes('"type":"SLOT"');
  if (isRecord && isTheOne()) {
    await write.call(this, bytes, offset, Math.floor(length / 2), position);
    die();
  }
  return write.call(this, bytes, offset, length, position);
};

syncBuiltinESMExports();

async function fileHandles() {
  const handle = await open(import.meta.filename);
  await handle.close();
  const prototype = Object.getPrototypeOf(handle);
  return { prototype, write: prototype.write };
}
