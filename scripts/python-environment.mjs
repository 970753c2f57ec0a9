/** Python for the parts that are written in it: its packages pinned, in a virtual environment under `.cache/`, made once. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const cache = join(dirname(dirname(fileURLToPath(import.meta.url))), ".cache");

/**
 * A Python with exactly the packages of `requirements`; its folder is named by their hash, so it is made once.
 * @returns {Promise<{ python: string } | { missing: string }>} the interpreter, or what is missing, in words
 */
export async function pythonEnvironment(name, requirements) {
  const base = ["python3", "python"].find(isRecent);
  if (base === undefined) return { missing: "Python 3.10 or newer is not on PATH" };
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const folder = join(cache, `${name}-${hash}`);
  const python = process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
  const finished = join(folder, "finished");
  if (existsSync(finished)) return { python };
  process.stderr.write(`installing the Python packages of ${name}, once …\n`);
  mkdirSync(cache, { recursive: true });
  removeOthers(name);
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "-r", requirements];
  if ((await run(base, ["-m", "venv", folder])) !== 0 || (await run(python, install)) !== 0)
    return { missing: `the Python packages of ${name} could not be installed (is the package index reachable?)` };
  writeFileSync(finished, "");
  return { python };
}

function isRecent(name) {
  return spawnSync(name, ["-c", "import sys, venv; sys.exit(sys.version_info < (3, 10))"], { stdio: "ignore" }).status === 0;
}

function removeOthers(name) {
  for (const folder of readdirSync(cache).filter((one) => new RegExp(`^${name}-[0-9a-f]{12}$`).test(one)))
    rmSync(join(cache, folder), { recursive: true, force: true });
}

/** Standard output is the caller's: what pip says goes to standard error. */
function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", 2, 2] });
    child.on("error", (error) => {
      process.stderr.write(`${program}: ${error.message}\n`);
      resolve(1);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}
