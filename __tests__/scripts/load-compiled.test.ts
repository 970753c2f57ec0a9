import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const loader = pathToFileURL(join(import.meta.dirname, "../../scripts/load-compiled.mjs")).href;
let folder = "";

/** A new process that loads `cli.js` and calls what it exports. */
function run(exitCode = 0, use = "tick") {
  const program = `import { loadCompiled } from ${JSON.stringify(loader)}; process.exitCode = ${exitCode}; console.log(loadCompiled(${JSON.stringify(folder)}, "cli.js", ${JSON.stringify(use)}).answer());`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  return { status, out: stdout.trim(), err: stderr };
}

function kept(): string[] {
  return readdirSync(folder).filter((name) => !name.endsWith(".js"));
}

describe("loading the optimizer from code that was compiled before", () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tap-compiled-"));
    writeFileSync(join(folder, "package.json"), '{"type":"commonjs"}');
    writeFileSync(
      join(folder, "cli.js"),
      'const { sum } = require("./sum.js"); exports.answer = () => `${sum(40, 2)} ${require("node:path").basename(__filename)}`;',
    );
    writeFileSync(join(folder, "sum.js"), "exports.sum = (a, b) => a + b;");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("answers the same without kept code and with it, which it writes once", () => {
    expect(run()).toEqual({ status: 0, out: "42 cli.js", err: "" });
    const [file = ""] = kept().filter((name) => name.startsWith("tick-"));
    const first = readFileSync(join(folder, file));
    expect(run()).toEqual({ status: 0, out: "42 cli.js", err: "" });
    expect(readFileSync(join(folder, file)).equals(first)).toBe(true);
    expect(kept()).toEqual(["package.json", file].toSorted());
  });

  it("really takes the kept code: of a script of equal length it runs what was compiled", () => {
    run();
    writeFileSync(join(folder, "sum.js"), "exports.sum = (a, b) => a * b;");
    expect(run().out).toBe("42 cli.js");
  });

  it.each([
    ["cut short", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ["empty", () => Buffer.alloc(0)],
    ["with one bit turned", (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -9), Buffer.from([(bytes.at(-9) ?? 0) ^ 1]), bytes.subarray(-8)])],
  ])("compiles anew what was kept %s, and keeps that", (_how, broken) => {
    run();
    const [file = ""] = kept().filter((name) => name.startsWith("tick-"));
    const whole = readFileSync(join(folder, file));
    writeFileSync(join(folder, file), broken(whole));
    expect(run()).toEqual({ status: 0, out: "42 cli.js", err: "" });
    expect(readFileSync(join(folder, file)).length).toBe(whole.length);
  });

  it("keeps code by command, and none of a command that was mistyped", () => {
    expect(run(2, "tikc").status).toBe(2);
    expect(kept()).toEqual(["package.json"]);
    run(0, "plan");
    run(3, "tick");
    expect(kept().map((name) => name.split("-")[0])).toEqual(["package.json", "plan", "tick"]);
  });

  it("leaves nothing half written beside what is kept by another process", () => {
    run();
    const [file = ""] = kept().filter((name) => name.startsWith("tick-"));
    expect(existsSync(join(folder, file))).toBe(true);
    expect(kept().filter((name) => /\.\d+$/.test(name))).toEqual([]);
  });

  it("gives what a script exports as plain values, and a getter where there is no value yet", () => {
    const exported = "Object.defineProperty(exports, name, { get: () => of[name], enumerable: true })";
    writeFileSync(
      join(folder, "sum.js"),
      `const of = { sum: (a, b) => a + b, later: undefined }; for (const name in of) ${exported}; of.sum(1, 1); exports.set = () => { of.later = 7; };`,
    );
    writeFileSync(
      join(folder, "cli.js"),
      'const sums = require("./sum.js"); exports.answer = () => { const before = sums.later; sums.set(); const of = (name) => typeof Object.getOwnPropertyDescriptor(sums, name).get; return JSON.stringify([sums.sum(40, 2), before ?? null, sums.later, of("sum"), of("later")]); };',
    );
    expect(run()).toEqual({ status: 0, out: '[42,null,7,"undefined","function"]', err: "" });
  });

  it("says that a script is an ES module, as what imports all of it asks", () => {
    writeFileSync(join(folder, "sum.js"), 'Object.defineProperty(exports, "__esModule", { value: true }); exports.sum = (a, b) => a + b;');
    writeFileSync(join(folder, "cli.js"), 'const sums = require("./sum.js"); exports.answer = () => [sums.__esModule, Object.keys(sums)].join(" ");');
    expect(run().out).toBe("true sum");
  });

  it("gives scripts that require each other what the other exports by then", () => {
    writeFileSync(
      join(folder, "sum.js"),
      'Object.defineProperty(exports, "sum", { get: () => sum, enumerable: true }); const cli = require("./cli.js"); const sum = (a, b) => a + b + cli.more();',
    );
    writeFileSync(
      join(folder, "cli.js"),
      'for (const [name, get] of Object.entries({ answer: () => answer, more: () => more })) Object.defineProperty(exports, name, { get, enumerable: true }); const { sum } = require("./sum.js"); const more = () => 2; const answer = () => sum(20, 20);',
    );
    expect(run().out).toBe("42");
  });
});
