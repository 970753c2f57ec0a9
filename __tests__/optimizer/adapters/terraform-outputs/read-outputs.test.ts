import { mkdir, mkdtemp, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { readOutputs, type OutputsInput } from "../../../../optimizer/adapters/terraform-outputs/read-outputs.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tap-outputs-"));
});

const patient = { close: () => undefined, patience: { silenceMs: 10_000, noticeMs: 10_000, onNotice: () => undefined } };

function pipe(...texts: string[]): OutputsInput {
  return {
    ...patient,
    carriesData: true,
    async *chunks() {
      for (const text of texts) yield Buffer.from(text);
    },
  };
}

const terminal: OutputsInput = {
  ...patient,
  carriesData: false,
  chunks() {
    throw new Error("a terminal must not be read");
  },
};

describe("where outputs come from", () => {
  it("prefers named files over standard input over default files", async () => {
    await writeFile(join(folder, "outputs.json"), '{"from":"default"}');
    await writeFile(join(folder, "named.json"), '{"from":"flag"}');
    const named = join(folder, "named.json");
    expect(await readOutputs({ files: [named], input: pipe("{}"), folder })).toEqual([{ source: named, text: '{"from":"flag"}' }]);
    expect(await readOutputs({ files: [], input: pipe('{"from":', '"pipe"}'), folder })).toEqual([{ source: "standard input", text: '{"from":"pipe"}' }]);
    expect(await readOutputs({ files: [], input: terminal, folder })).toEqual([{ source: "outputs.json", text: '{"from":"default"}' }]);
  });

  it("takes the first default file that exists", async () => {
    await mkdir(join(folder, "cfn-outputs"));
    await writeFile(join(folder, "cfn-outputs", "all-outputs.json"), "{}");
    await writeFile(join(folder, "outputs.json"), "{}");
    expect((await readOutputs({ files: [], folder }))[0]?.source).toBe("cfn-outputs/all-outputs.json");
  });

  it("gives up a pipe that says nothing and is never closed, having told that it waits", async () => {
    const told: string[] = [];
    const silent: OutputsInput = {
      carriesData: true,
      async *chunks() {
        yield Buffer.from("{");
        yield await new Promise<never>(() => undefined);
      },
      close: () => void told.push("closed"),
      patience: { silenceMs: 30, noticeMs: 1, onNotice: () => void told.push("waiting") },
    };
    const waited = readOutputs({ files: [], input: silent, folder });
    await expect(waited).rejects.toMatchObject({ code: "outputs-silent", hint: expect.stringContaining("--outputs-file") });
    expect(told).toEqual(["waiting", "closed"]);
  });

  it("falls back to default files when the pipe is empty", async () => {
    await writeFile(join(folder, "outputs.json"), "{}");
    expect((await readOutputs({ files: [], input: pipe(" \n"), folder }))[0]?.source).toBe("outputs.json");
  });

  it("never replaces a named file that is missing by another", async () => {
    await writeFile(join(folder, "outputs.json"), "{}");
    await expect(readOutputs({ files: [join(folder, "gone.json")], folder })).rejects.toMatchObject({ code: "outputs-file-missing" });
  });

  it("reads - as standard input, and refuses it where there is none", async () => {
    expect((await readOutputs({ files: ["-"], input: pipe("{}"), folder }))[0]?.source).toBe("standard input");
    await expect(readOutputs({ files: ["-"], input: terminal, folder })).rejects.toMatchObject({ code: "outputs-no-input" });
  });

  it("tells which files were looked for when nothing is given", async () => {
    await expect(readOutputs({ files: [], folder })).rejects.toThrow(/cfn-outputs\/flat-outputs\.json.*deployment-outputs\.json/);
  });

  it("reads UTF-16 as PowerShell redirects it, and refuses bytes that are no text", async () => {
    const path = join(folder, "o.json");
    const little = Buffer.from('{"a":"é"}', "utf16le");
    const big = Buffer.from(little).swap16();
    for (const bytes of [Buffer.concat([Buffer.from([0xff, 0xfe]), little]), Buffer.concat([Buffer.from([0xfe, 0xff]), big]), little, big]) {
      await writeFile(path, bytes);
      expect((await readOutputs({ files: [path], folder }))[0]?.text).toBe('{"a":"é"}');
    }
    await writeFile(path, Buffer.from([0x7b, 0xc3, 0x28]));
    await expect(readOutputs({ files: [path], folder })).rejects.toMatchObject({ code: "outputs-not-text" });
  });

  it("refuses more than 100 MB before reading it", async () => {
    const path = join(folder, "huge.json");
    await writeFile(path, "");
    await truncate(path, 101 * 1024 * 1024);
    await expect(readOutputs({ files: [path], folder })).rejects.toMatchObject({ code: "outputs-too-large" });
  });
});
