import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { codePackage } from "../../constructs/functions/function-code.ts";
import { zip } from "../../constructs/functions/zip.ts";

/** `npm test` needs only Node; where Python is, it reads along. */
const hasPython = spawnSync("python3", ["--version"]).status === 0;

const entries = [
  { path: "lib/ü.mjs", text: "export const ü = 1;\n" },
  { path: "index.mjs", text: "export * from './lib/ü.mjs';\n" },
];

describe("a zip", () => {
  it("has the same bytes in whichever order its files come", () => {
    expect(zip(entries.toReversed()).equals(zip(entries))).toBe(true);
  });

  it("has the bytes that it always had", () => {
    expect(createHash("sha256").update(zip(entries)).digest("hex")).toBe("e905b49638257871e9b71b68dfc7e29fd74dc6da61f25bbe2d8023665957cfc3");
  });

  it.skipIf(!hasPython)("is read by others: names in order, contents, fixed time and mode, right sums", () => {
    const folder = mkdtempSync(join(tmpdir(), "tap-zip-"));
    try {
      const file = join(folder, "code.zip");
      writeFileSync(file, zip(entries));
      const script =
        "import json,sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);bad=z.testzip();" +
        "print(json.dumps([bad,[[i.filename,i.date_time,i.external_attr>>16,i.compress_type,i.CRC,z.read(i).decode()] for i in z.infolist()]]))";
      const [bad, found] = JSON.parse(execFileSync("python3", ["-c", script, file], { encoding: "utf8" })) as [unknown, unknown];
      expect(bad).toBeNull();
      expect(found).toEqual(entries.toReversed().map(({ path, text }) => [path, [1980, 1, 1, 0, 0, 0], 0o100644, 0, crc32(text), text]));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

it("the hash of a function's code is the base64 SHA-256 that AWS answers", () => {
  const { bytes, hash } = codePackage("stream-archive");
  expect(hash).toBe(createHash("sha256").update(bytes).digest("base64"));
  expect(codePackage("stream-archive").bytes.equals(bytes)).toBe(true);
});
