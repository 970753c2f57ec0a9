/**
 * Runs a command after making sure the locked dependencies are there, so that the README's commands work on a fresh clone.
 * usage: node scripts/with-dependencies.mjs COMMAND [ARG …]
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const turn = join(root, ".cache", "installing");
const longestTurnMs = 600_000;

checkNodeVersion();
if (!installedAsLocked()) {
  await takeTurn();
  process.on("exit", giveTurnBack);
  const code = installedAsLocked() ? 0 : await install();
  giveTurnBack();
  if (code !== 0) process.exit(code);
}

const [command, ...args] = process.argv.slice(2);
const path = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
process.exit(await run(command, args, { stdio: "inherit", env: { ...process.env, PATH: path } }));

function checkNodeVersion() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  process.stderr.write(`TAP needs Node 20.19 or newer; this is ${process.versions.node}.\n`);
  process.exit(2);
}

/** npm writes down what it installed when it has finished: every locked package that any machine needs must be there, in its version. */
function installedAsLocked() {
  const written = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(written)) return false;
  const installed = JSON.parse(readFileSync(written, "utf8")).packages;
  const locked = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return Object.entries(locked).every(([path, { version, optional }]) => path === "" || optional === true || installed[path]?.version === version);
}

async function install() {
  process.stderr.write("Installing the locked dependencies (npm ci), once …\n");
  const code = await run("npm", ["ci", "--no-progress", "--loglevel=error", "--ignore-scripts", "--include=dev"], { stdio: ["ignore", 2, 2] });
  if (code !== 0) process.stderr.write("npm ci failed. Is the npm registry reachable? Run it by hand to see more.\n");
  return code;
}

/** Two commands typed at once would each delete what the other installs: one at a time. A turn whose process is gone is free, and one of ten minutes. */
async function takeTurn() {
  mkdirSync(dirname(turn), { recursive: true });
  for (let told = false; ; told = true) {
    try {
      writeFileSync(turn, String(process.pid), { flag: "wx" });
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (!told) process.stderr.write("Another command installs the locked dependencies; waiting for it …\n");
    if (isTaken()) await sleep(250);
    else rmSync(turn, { force: true });
  }
}

function giveTurnBack() {
  if (turnHolder() === process.pid) rmSync(turn, { force: true });
}

/** NaN where nobody has it. Its first moment, before the number is written, reads as 0. */
function turnHolder() {
  try {
    return Number(readFileSync(turn, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return Number.NaN;
    throw error;
  }
}

function isTaken() {
  const pid = turnHolder();
  if (Number.isNaN(pid) || Date.now() - statSync(turn, { throwIfNoEntry: false })?.mtimeMs > longestTurnMs) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Resolves to the exit code; a signal sent to us reaches the child, which decides how to end. */
function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, ...options });
    const forward = (signal) => child.kill(signal);
    process.on("SIGINT", () => {}); // the terminal sends it to the child as well
    process.on("SIGTERM", forward);
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
