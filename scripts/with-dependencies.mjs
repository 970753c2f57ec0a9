/**
 * Runs a command after making sure the locked dependencies are there, so that the README's commands work on a fresh clone.
 * usage: node scripts/with-dependencies.mjs COMMAND [ARG …]
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".tap-lock-hash");

checkNodeVersion();
if (!installedAsLocked()) {
  process.stderr.write("Installing the locked dependencies (npm ci), once …\n");
  const code = await run("npm", ["ci", "--no-progress", "--loglevel=error"], { stdio: ["ignore", 2, 2] });
  if (code !== 0) {
    process.stderr.write("npm ci failed. Is the npm registry reachable? Run it by hand to see more.\n");
    process.exit(code);
  }
  writeFileSync(stamp, lockHash());
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

function lockHash() {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

function installedAsLocked() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === lockHash();
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
