import fs from "node:fs";
import { open } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/**
 * Loaded before the program (`node --import`): stops its process (SIGSTOP) at place number `TAP_STOP_AT`, counted from its first journal
 * record. Places are right before and right after each write and sync of journal, mark and lock, and before and after each use of the
 * simulated account: between the last look at the lease and the call itself. Never while the account is in use, which is AWS's side.
 * With `TAP_COUNT_PLACES` it writes there how many there were.
 */
const at = Number(process.env.TAP_STOP_AT ?? 0);
const countFile = process.env.TAP_COUNT_PLACES;
const { symlinkSync, unlinkSync, writeFileSync, writeSync } = fs;
const { link } = fs.promises;
let begun = false;
let isAccountInUse = false;
let seen = 0;

function place() {
  if (!begun) return;
  seen += 1;
  if (seen === at) process.kill(process.pid, "SIGSTOP");
}

async function around(work) {
  place();
  const result = await work();
  place();
  return result;
}

const prototype = await fileHandles();
const { datasync, sync } = prototype;
fs.writeSync = (file, bytes, ...rest) => {
  if (isAccountInUse) return writeSync(file, bytes, ...rest);
  begun ||= bytes.includes('{"v":1,"seq":1,');
  place();
  const written = writeSync(file, bytes, ...rest);
  place();
  return written;
};
prototype.datasync = function () {
  return around(() => datasync.call(this));
};
prototype.sync = function () {
  return around(() => sync.call(this));
};
fs.promises.link = (...args) => around(() => link(...args));
fs.symlinkSync = (...args) => {
  place();
  symlinkSync(...args);
  isAccountInUse = true;
};
fs.unlinkSync = (...args) => {
  unlinkSync(...args);
  isAccountInUse = false;
  place();
};
syncBuiltinESMExports();
if (countFile !== undefined) process.on("exit", () => writeFileSync(countFile, String(seen)));

async function fileHandles() {
  const handle = await open(import.meta.filename);
  await handle.close();
  return Object.getPrototypeOf(handle);
}
