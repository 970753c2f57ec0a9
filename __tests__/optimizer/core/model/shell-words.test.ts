import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { safeText } from "../../../../optimizer/adapters/terminal/safe-text.ts";
import { shellWord } from "../../../../optimizer/core/model/shell-words.ts";

/** What a shell makes of the words as they reach it from a terminal. */
function pasted(words: readonly string[]): readonly string[] {
  const line = words.map((word) => safeText(shellWord(word))).join(" ");
  return execFileSync("bash", ["-c", `printf '%s\\0' ${line}`], { env: { LC_ALL: "C.UTF-8" } })
    .toString("utf8")
    .split("\0")
    .slice(0, -1);
}

it("a word is what it was when it is copied off the terminal", () => {
  const words = [
    "plain/word.json",
    "two words",
    "it's",
    '$HOME `id` \\ "',
    "new\nline",
    "tab\t1",
    "it's\n\\n",
    "bell\u00077",
    "é🙂",
    "left\u200eto right",
    "\ufeffmarked",
    "\u0085",
    "*",
    "!",
  ];
  expect(pasted(words)).toEqual(words);
});

it("so is any word", () => {
  const word = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !text.includes("\0"));
  const controlled = fc.string({ unit: fc.constantFrom("\n", "\u001b", "\u200b", "7", "'", "\\", "a", "$"), minLength: 1 });
  fc.assert(
    fc.property(fc.array(fc.oneof(word, controlled), { minLength: 1, maxLength: 40 }), (words) => {
      expect(pasted(words)).toEqual(words);
    }),
    { numRuns: 30 },
  );
});
