/**
 * Runs the optimizer's bundle from the machine code that V8 made of it before: a process that lives for one tick spends half of its time on
 * compiling, and does so again at each tick. What was compiled is kept by command, since each command uses its own part of the program.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";
import { crc32 } from "node:zlib";

/** Of the numbers before the code: checksum of everything after it, and how many bytes name the scripts. */
const headBytes = 8;
const codeSuffix = ".code";

/**
 * The exports of `entry`, a CommonJS script of the folder, whose scripts require one another as `./name.js`. `use` names the file beside them
 * from which compiled code is taken, and which is written when the process ends and had to compile a script as a whole. The folder's name must
 * change with its content: V8 itself compares only the length of a script with what its code was made of.
 */
export function loadCompiled(folder, entry, use) {
  optimizeLater();
  const nodeRequire = createRequire(join(folder, entry));
  const keptIn = join(folder, `${use}-${process.versions.v8}-${process.arch}${codeSuffix}`);
  const kept = readKept(keptIn);
  const scripts = new Map();
  const modules = new Map();
  let isNew = false;

  function load(name) {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(name, module);
    const filename = join(folder, name);
    const cachedData = kept.get(name);
    const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, "utf8")}\n})`;
    const script = new Script(source, { filename, cachedData });
    // V8 refuses the code of another version of itself, or made with other flags, and compiles instead.
    isNew ||= cachedData === undefined || script.cachedDataRejected === true;
    scripts.set(name, script);
    script.runInThisContext()(module.exports, requireFrom, module, filename, folder);
    module.exports = withValues(module.exports);
    return module.exports;
  }

  function requireFrom(name) {
    return name.startsWith("./") ? load(name.slice(2)) : nodeRequire(name);
  }

  // At the end, since by then everything that the command needs is compiled. A mistyped command needs nothing.
  process.once("exit", (code) => {
    if (isNew && code !== 2) writeKept(keptIn, new Map([...scripts].map(([name, script]) => [name, script.createCachedData()])));
  });
  return load(entry);
}

/**
 * What a script exports, as values in place of the getters that esbuild makes of them: each use of a function of another script asked two of them, in
 * an object that V8 looks up like a table. A name that has no value yet keeps its getter. Nothing that is exported may get another value later, which
 * the linter (`import/no-mutable-exports`) and a test of the whole bundle see to.
 */
function withValues(exports) {
  // Spread: of an object that is filled name by name V8 makes a table again.
  const values = { ...exports };
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(exports))) {
    if (values[name] === undefined) Object.defineProperty(values, name, property);
  }
  return values;
}

/**
 * Node 20 optimizes a function after some 66 KiB of its bytecode were run: the optimizing compiler took a third of the processor time of a run that
 * lasts for seconds, mostly for functions that were hardly called again. Eight times as much leaves it to what is really run often. Newer versions
 * of V8 have a quick compiler in between and another measure, and are left alone. Before any script, since kept code is refused under other flags.
 */
function optimizeLater() {
  if (process.versions.v8.startsWith("11.")) setFlagsFromString(`--interrupt-budget=${8 * 66 * 1024}`);
}

/** Compiled code by script; none where there is no such file, or it is not as it was written: V8 would run it unseen. */
function readKept(path) {
  let bytes;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (error.code === "ENOENT") return new Map();
    throw error;
  }
  if (bytes.length < headBytes || crc32(bytes.subarray(4)) !== bytes.readUInt32LE(0)) return new Map();
  let at = headBytes + bytes.readUInt32LE(4);
  const lengths = JSON.parse(bytes.toString("utf8", headBytes, at));
  return new Map(lengths.map(([name, length]) => [name, bytes.subarray(at, (at += length))]));
}

/** As a whole or not at all: several processes may end at once, and one may be killed. A folder that is not ours to write to stays as it is. */
function writeKept(path, compiled) {
  const names = Buffer.from(JSON.stringify([...compiled].map(([name, code]) => [name, code.length])));
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(names.length, 4);
  const bytes = Buffer.concat([head, names, ...compiled.values()]);
  bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
  const unnamed = `${path}.${process.pid}`;
  try {
    const file = openSync(unnamed, "wx", 0o600);
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unnamed, path);
  } catch (error) {
    // It only costs time: the next process compiles again. Of what a full disk left there, nothing stays.
    rmSync(unnamed, { force: true });
    if (!["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "EEXIST", "ENOENT"].includes(error.code)) throw error;
  }
}
