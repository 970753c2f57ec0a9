import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../../contract/user-error.ts";
import { readJsonDocuments } from "../../../../optimizer/adapters/terraform-outputs/json-documents.ts";

function refusal(text: string): UserError {
  try {
    readJsonDocuments(text, "outputs.json");
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("strict JSON documents", () => {
  it("reads what JSON.parse reads, one document or many", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ noUnicodeString: false }), { minLength: 1, maxLength: 4 }), (values) => {
        const plain = values.map((value) => JSON.stringify(value));
        fc.pre(!/__proto__|constructor|prototype/.test(plain.join("")));
        expect(JSON.parse(JSON.stringify(readJsonDocuments(plain.join("\n"), "s")))).toEqual(JSON.parse(`[${plain.join(",")}]`));
      }),
    );
  });

  it.each([
    ["nothing", " \n", "outputs-empty", "outputs.json is empty"],
    ["an error message instead of JSON", "Error: no state", "outputs-not-json", 'outputs.json:1:1: expected JSON, found "Error: no st"'],
    ["a key that stands twice", '{"a":{"asg_name":"x",\n"asg_name":"y"}}', "outputs-not-json", "outputs.json:2:11, key a.asg_name: this key stands here twice"],
    ["__proto__", '{"__proto__":{"x":1}}', "outputs-not-json", "key __proto__: this key is not allowed"],
    ["constructor, escaped", '{"const\\u0072uctor":1}', "outputs-not-json", "this key is not allowed"],
    ["a depth bomb", "[".repeat(200_000), "outputs-not-json", "nested deeper than 100 levels"],
    ["a number beyond floats", '{"a":1e309}', "outputs-not-json", "key a: the number 1e309 is too large"],
    ["a lone surrogate", '{"a":"\\ud800"}', "outputs-not-json", "lone surrogate"],
    ["a text that ends in the middle", '{"a":"b', "outputs-not-json", "a text is not closed"],
    ["an object that ends in the middle", '{"a":1', "outputs-not-json", "ends too early"],
    ["a trailing comma", '{"a":1,}', "outputs-not-json", "expected a key in double quotes"],
    ["a control character in a text", '{"a":"x\ny"}', "outputs-not-json", "a text is not valid JSON"],
  ])("refuses %s", (_, text, code, message) => {
    const error = refusal(text);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.hint).not.toBe("");
  });

  it("keeps keys that only look like members of every object", () => {
    expect(readJsonDocuments('{"toString":"x","hasOwnProperty":1}', "s")).toEqual([Object.assign(Object.create(null), { toString: "x", hasOwnProperty: 1 })]);
  });
});
