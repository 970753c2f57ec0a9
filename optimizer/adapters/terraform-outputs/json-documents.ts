import { UserError } from "../../../contract/user-error.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** Has no prototype, so that no key of the input can mean anything but itself. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Deeper than any outputs; a bomb would exhaust the stack. */
const maxDepth = 100;
/** Of a deep path, in messages. */
const shownKeys = 8;
const hostileKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
const endsEarly = "the JSON ends too early";
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const words: readonly (readonly [string, Json])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/**
 * All JSON documents of a text, one after the other (`terraform output -json` of several stacks in one pipe).
 * Stricter than `JSON.parse`, which hides duplicate keys: they, hostile keys, numbers beyond 64-bit floats, lone surrogates
 * and depth bombs are UserErrors that name source, place and key.
 */
export function readJsonDocuments(text: string, source: string): readonly Json[] {
  const scanner = new JsonScanner(withoutEnd(text), source);
  const documents: Json[] = [];
  while (!scanner.atEnd()) documents.push(scanner.document());
  if (documents.length === 0) {
    throw new UserError({
      code: "outputs-empty",
      message: `${source} is empty; expected the JSON that \`terraform output -json\` prints`,
      hint: "Write it again after `terraform apply`: terraform -chdir=<stack> output -json > outputs.json",
    });
  }
  return documents;
}

/** Ctrl-Z, by which tools of DOS end a text, and the zeros of a buffer that was not cut. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && "\u0000\u001A".includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** Reads a text once from front to back. */
class JsonScanner {
  readonly #text: string;
  readonly #source: string;
  readonly #path: string[] = [];
  #at = 0;

  constructor(text: string, source: string) {
    this.#text = text;
    this.#source = source;
  }

  atEnd(): boolean {
    this.#skipSpace();
    return this.#at >= this.#text.length;
  }

  document(): Json {
    return this.#value(0);
  }

  #fail(problem: string): never {
    const before = this.#text.slice(0, this.#at);
    const line = before.split("\n").length;
    const column = this.#at - before.lastIndexOf("\n");
    const shown = this.#path.length > shownKeys ? [...this.#path.slice(0, shownKeys), "…"] : this.#path;
    const key = shown.length === 0 ? "" : `, key ${shown.join(".")}`;
    throw new UserError({
      code: "outputs-not-json",
      message: `${this.#source}:${line}:${column}${key}: ${problem}`,
      hint: "Pass what `terraform output -json` (or cdktf --outputs-file) wrote, unchanged.",
    });
  }

  #char(): string {
    return this.#text.charAt(this.#at);
  }

  /** A byte order mark counts as white space: concatenated files may bring several. */
  #skipSpace(): void {
    while (this.#at < this.#text.length && " \t\r\n\uFEFF".includes(this.#char())) this.#at += 1;
  }

  #value(depth: number): Json {
    if (depth > maxDepth) this.#fail(`nested deeper than ${maxDepth} levels`);
    this.#skipSpace();
    const first = this.#char();
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#list(depth);
    if (first === '"') return this.#string();
    if (/^(?:-\d|\d)/.test(this.#text.slice(this.#at, this.#at + 2))) return this.#number();
    for (const [word, meaning] of words) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return meaning;
    }
    if (first === "") this.#fail(endsEarly);
    return this.#fail(`expected JSON, found ${JSON.stringify(this.#text.slice(this.#at, this.#at + 12))}`);
  }

  #object(depth: number): JsonObject {
    const members = Object.create(null) as Record<string, Json>;
    if (this.#isEmpty("}")) return members;
    do {
      const key = this.#key();
      this.#path.push(key);
      if (hostileKeys.has(key)) this.#fail("this key is not allowed");
      if (key in members) this.#fail("this key stands here twice, so its value is not certain");
      this.#skipSpace();
      if (this.#char() !== ":") this.#fail('expected ":" after the key');
      this.#at += 1;
      members[key] = this.#value(depth + 1);
      this.#path.pop();
    } while (this.#goesOn("}"));
    return members;
  }

  #list(depth: number): readonly Json[] {
    const members: Json[] = [];
    if (this.#isEmpty("]")) return members;
    do {
      this.#path.push(String(members.length));
      members.push(this.#value(depth + 1));
      this.#path.pop();
    } while (this.#goesOn("]"));
    return members;
  }

  /** Takes the opening bracket, and the closing one where it follows at once. */
  #isEmpty(closing: "}" | "]"): boolean {
    this.#at += 1;
    this.#skipSpace();
    if (this.#char() !== closing) return false;
    this.#at += 1;
    return true;
  }

  /** Takes the comma, which promises another member, or the closing bracket. */
  #goesOn(closing: "}" | "]"): boolean {
    this.#skipSpace();
    const found = this.#char();
    if (found !== "," && found !== closing) this.#fail(found === "" ? endsEarly : `expected "," or "${closing}", found ${JSON.stringify(found)}`);
    this.#at += 1;
    return found === ",";
  }

  #key(): string {
    this.#skipSpace();
    if (this.#char() !== '"') this.#fail("expected a key in double quotes");
    return this.#string();
  }

  #string(): string {
    let end = this.#at + 1;
    while (end < this.#text.length && this.#text.charAt(end) !== '"') end += this.#text.charAt(end) === "\\" ? 2 : 1;
    if (end >= this.#text.length) this.#fail("a text is not closed");
    const decoded = this.#decode(this.#text.slice(this.#at, end + 1));
    if (/\p{Surrogate}/u.test(decoded)) this.#fail("a text holds half a character (a lone surrogate)");
    this.#at = end + 1;
    return decoded;
  }

  #decode(literal: string): string {
    try {
      return JSON.parse(literal) as string;
    } catch (cause) {
      return this.#fail(`a text is not valid JSON (${cause instanceof Error ? cause.message : String(cause)})`);
    }
  }

  #number(): number {
    numberPattern.lastIndex = this.#at;
    const literal = numberPattern.exec(this.#text)?.[0] ?? this.#fail("a number is not valid JSON");
    const parsed = Number(literal);
    if (!Number.isFinite(parsed)) this.#fail(`the number ${literal} is too large`);
    this.#at += literal.length;
    return parsed;
  }
}
