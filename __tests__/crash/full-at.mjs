import fs from "node:fs";
import { open } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/**
 * Loaded before the program (`node --import`): from write number `TAP_FULL_AT` of a journal record on, the disk is full for good. That write
 * itself still puts half of its bytes down, as a full disk does. 0: it is full from the start.
 */
const at = Number(process.env.TAP_FULL_AT ?? 0);
let records = 0;
let full = at === 0;

function refuse(syscall) {
  throw Object.assign(new Error(`ENOSPC: no space left on device, ${syscall}`), { code: "ENOSPC", errno: -28, syscall });
}

function refusing(syscall, work) {
  return function (...args) {
    if (full) refuse(syscall);
    return work.apply(this, args);
  };
}

const prototype = await fileHandles();
const { writeSync } = fs;
fs.writeSync = (file, bytes, ...rest) => {
  if (full) refuse("write");
  if (bytes.includes('{"v":1,"seq":')) records += 1;
  if (at === 0 || records < at) return writeSync(file, bytes, ...rest);
  full = true;
  return writeSync(file, bytes, 0, Math.floor(bytes.length / 2));
};
for (const name of ["write", "writeFile", "datasync", "sync", "truncate"]) prototype[name] = refusing(name, prototype[name]);
for (const name of ["symlinkSync", "mkdirSync", "ftruncateSync"]) fs[name] = refusing(name, fs[name]);
for (const name of ["mkdir", "link", "rename", "writeFile"]) fs.promises[name] = refusing(name, fs.promises[name]);
const { openSync } = fs;
fs.openSync = (path, flags, ...rest) => (full && mayWrite(flags) ? refuse("open") : openSync(path, flags, ...rest));
syncBuiltinESMExports();

/** A full disk is read as before. */
function mayWrite(flags = "r") {
  const { O_WRONLY, O_RDWR, O_CREAT } = fs.constants;
  return typeof flags === "number" ? (flags & (O_WRONLY | O_RDWR | O_CREAT)) !== 0 : flags !== "r";
}

async function fileHandles() {
  const handle = await open(import.meta.filename);
  await handle.close();
  return Object.getPrototypeOf(handle);
}
