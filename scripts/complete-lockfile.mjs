/**
 * After `npm install`: gives package-lock.json the entries of other platforms' optional bindings that the registry at hand did not have.
 * npm drops what it cannot fetch, and `npm ci` then refuses the lock on every machine. The versions are exact in the packages' own
 * manifests; such an entry has no integrity hash until an install on a full registry adds it.
 */
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));

const added = Object.values(lock.packages).flatMap((owner) =>
  Object.entries(owner.optionalDependencies ?? {})
    .filter(([name, version]) => lock.packages[`node_modules/${name}`] === undefined && /^\d+\.\d+\.\d+$/.test(version) && platformOf(name) !== undefined)
    .map(([name, version]) => [
      `node_modules/${name}`,
      { version, ...platformOf(name), ...(owner.dev ? { dev: true } : {}), license: owner.license, optional: true },
    ]),
);
const root = lock.packages[""];
const rest = Object.entries(lock.packages).filter(([key]) => key !== "");
lock.packages = { "": root, ...Object.fromEntries([...rest, ...added].sort(([a], [b]) => (a < b ? -1 : 1))) };
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} entries added\n`);

/** `@scope/binding-linux-x64-musl` → what npm compares with the machine; undefined for a package that is not of one platform. */
function platformOf(name) {
  const [, os, cpu, variant] = /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|x64|ia32|ppc64|riscv64|s390x)(?:-(\w+))?$/.exec(name) ?? [];
  if (os === undefined) return undefined;
  const libc = variant?.startsWith("musl") ? ["musl"] : variant?.startsWith("gnu") ? ["glibc"] : undefined;
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc }) };
}
