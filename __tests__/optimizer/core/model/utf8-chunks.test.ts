import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8Chunks } from "../../../../optimizer/core/model/utf8-chunks.ts";

/** Chunks share a buffer: each is copied before the next is asked for. */
function bytesOf(parts: readonly string[] | Generator<string>): readonly Buffer[] {
  return Array.from(utf8Chunks(parts), (chunk) => Buffer.from(chunk));
}

function* oneByOne(parts: readonly string[]): Generator<string> {
  yield* parts;
}

const long = "héllo wörld €".repeat(60_000);

describe("a text in chunks of bytes", () => {
  it.each([
    ["a list", (parts: readonly string[]) => bytesOf(parts)],
    ["parts that are made one by one", (parts: readonly string[]) => bytesOf(oneByOne(parts))],
  ])("is the text, whatever its parts: %s", (_, chunks) => {
    const part = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("", long, long.slice(0, 200_000), "x".repeat(1024 * 1024)));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        expect(Buffer.concat(chunks(parts)).equals(Buffer.from(parts.join("")))).toBe(true);
      }),
      { numRuns: 8 },
    );
  });

  it("has a chunk that is full before the next part, a part that is larger than a chunk by itself, and nothing for nothing", () => {
    const lengthsOf = (...parts: readonly string[]) => bytesOf(oneByOne(parts)).map(({ length }) => length);
    // A part may take three bytes for each of its characters.
    expect(lengthsOf("a".repeat(300_000), "b".repeat(300_000))).toEqual([300_000, 300_000]);
    expect(lengthsOf("a", "b".repeat(400_000), "c")).toEqual([1, 400_000, 1]);
    expect([lengthsOf(), lengthsOf(""), bytesOf([])]).toEqual([[], [], []]);
  });

  it("has few chunks, however many parts there are", () => {
    expect(bytesOf(Array.from({ length: 10_000 }, () => "a line of a large file\n"))).toHaveLength(1);
  });
});
