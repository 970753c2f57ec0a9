/**
 * The part of JMESPath (https://jmespath.org/specification.html) that printed lines use, evaluated as AWS's CLI does: names, indexes, flattening,
 * filters, lists and hashes of expressions, literals, comparisons, `&&`, `||`, pipes and a few functions. What it does not know fails.
 */
export function queried(value: unknown, query: string): unknown {
  const parser = new Parser(tokensOf(query), query);
  const expression = parser.expression(0);
  parser.end();
  return expression(value);
}

type Expression = (value: unknown) => unknown;

interface Token {
  readonly kind: "name" | "literal" | "raw" | "number" | "sign" | "end";
  readonly text: string;
}

const tokenForms: readonly (readonly [Token["kind"] | "space", RegExp])[] = [
  ["space", /^\s+/],
  ["name", /^[A-Za-z_]\w*/],
  ["literal", /^`[^`]*`/],
  ["raw", /^'[^']*'/],
  ["number", /^-?\d+/],
  ["sign", /^(?:\[\?|\[\]|&&|\|\||==|!=|[.[\]{}(),:|@*&])/],
];

function tokensOf(query: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let rest = query; rest !== "";) {
    const [kind, text] = tokenForms.map(([each, form]) => [each, form.exec(rest)?.[0]] as const).find(([, found]) => found !== undefined) ?? [
      "space",
      undefined,
    ];
    if (text === undefined) throw new Error(`no JMESPath: ${rest} of ${query}`);
    if (kind !== "space") tokens.push({ kind, text });
    rest = rest.slice(text.length);
  }
  return [...tokens, { kind: "end", text: "" }];
}

/** How tightly what follows an expression binds to it. */
const power: Readonly<Record<string, number>> = { "|": 1, "||": 2, "&&": 3, "==": 5, "!=": 5, "[]": 9, "[?": 20, ".": 40, "[": 50 };
/** A projection ends at what binds less tightly. */
const stopsProjection = 10;

class Parser {
  private at = 0;
  private readonly tokens: readonly Token[];
  private readonly query: string;

  constructor(tokens: readonly Token[], query: string) {
    this.tokens = tokens;
    this.query = query;
  }

  expression(least: number): Expression {
    let left = this.first();
    while (least < this.bindingOf(this.next())) left = this.onTop(left);
    return left;
  }

  end(): void {
    if (this.next().kind !== "end") throw this.unexpected();
  }

  private next(): Token {
    return this.tokens[this.at] ?? { kind: "end", text: "" };
  }

  private bindingOf({ kind, text }: Token): number {
    return kind === "sign" ? (power[text] ?? 0) : 0;
  }

  private take(text?: string): Token {
    const token = this.next();
    if (text !== undefined && token.text !== text) throw this.unexpected();
    this.at += 1;
    return token;
  }

  private unexpected(): Error {
    return new Error(`no JMESPath: ${this.next().text} is not expected in ${this.query}`);
  }

  private first(): Expression {
    const { kind, text } = this.take();
    switch (kind) {
      case "literal": {
        const value: unknown = JSON.parse(text.slice(1, -1));
        return () => value;
      }
      case "raw":
        return () => text.slice(1, -1);
      case "name":
        return this.next().text === "(" ? this.call(text) : fieldOf(text);
      case "sign":
        return this.firstSign(text);
      case "number":
      case "end":
        this.at -= 1;
        throw this.unexpected();
    }
  }

  private firstSign(text: string): Expression {
    switch (text) {
      case "@":
        return (value) => value;
      case "(": {
        const inner = this.expression(0);
        this.take(")");
        return inner;
      }
      case "&": {
        const inner = this.expression(0);
        return () => inner;
      }
      case "{":
        return this.hash();
      case "[":
        return this.list();
      case "[?":
      case "[]":
        this.at -= 1;
        return this.onTop((value) => value);
      default:
        this.at -= 1;
        throw this.unexpected();
    }
  }

  /** Operators, and what is asked of the value before them. */
  private onTop(left: Expression): Expression {
    const { text } = this.take();
    switch (text) {
      case ".":
        return this.member(left);
      case "[":
        return this.indexed(left);
      case "[]":
        return this.projected((value) => flat(left(value)));
      case "[?": {
        const condition = this.expression(0);
        this.take("]");
        return this.projected((value) => (Array.isArray(left(value)) ? (left(value) as readonly unknown[]).filter((each) => isTrue(condition(each))) : null));
      }
      default:
        return this.operator(text, left);
    }
  }

  private operator(text: string, left: Expression): Expression {
    const right = this.expression(power[text] ?? 0);
    switch (text) {
      case "|":
        return (value) => right(left(value));
      case "||":
        return (value) => (isTrue(left(value)) ? left(value) : right(value));
      case "&&":
        return (value) => (isTrue(left(value)) ? right(value) : left(value));
      case "==":
        return (value) => isSame(left(value), right(value));
      default:
        return (value) => !isSame(left(value), right(value));
    }
  }

  private member(left: Expression): Expression {
    const { kind, text } = this.take();
    const right =
      kind === "name" ? (this.next().text === "(" ? this.call(text) : fieldOf(text)) : text === "[" ? this.list() : text === "{" ? this.hash() : undefined;
    if (right === undefined) throw this.unexpected();
    return (value) => {
      const found = left(value);
      return found === null || found === undefined ? null : right(found);
    };
  }

  private indexed(left: Expression): Expression {
    const { kind, text } = this.take();
    this.take("]");
    if (kind !== "number") throw this.unexpected();
    return (value) => {
      const found = left(value);
      return Array.isArray(found) ? ((found as readonly unknown[]).at(Number(text)) ?? null) : null;
    };
  }

  /** What follows is asked of each element; what is null is left out. */
  private projected(list: Expression): Expression {
    let each: Expression = (value) => value;
    while (this.bindingOf(this.next()) >= stopsProjection) each = this.onTop(each);
    return (value) => {
      const found = list(value);
      return Array.isArray(found) ? found.map((item) => each(item)).filter((item) => item !== null && item !== undefined) : null;
    };
  }

  private list(): Expression {
    const items = this.separated("]");
    return (value) => items.map((item) => item(value) ?? null);
  }

  private hash(): Expression {
    const entries: (readonly [string, Expression])[] = [];
    do {
      const { text } = this.take();
      this.take(":");
      entries.push([text, this.expression(0)]);
    } while (this.take().text === ",");
    this.at -= 1;
    this.take("}");
    return (value) => Object.fromEntries(entries.map(([name, item]) => [name, item(value) ?? null]));
  }

  private call(name: string): Expression {
    this.take("(");
    const values = this.separated(")");
    const called = functions[name];
    if (called === undefined) throw new Error(`no function ${name} is known here: ${this.query}`);
    return (value) => called(...values.map((each) => each(value)));
  }

  private separated(end: string): readonly Expression[] {
    const items: Expression[] = [];
    do items.push(this.expression(0));
    while (this.take().text === ",");
    this.at -= 1;
    this.take(end);
    return items;
  }
}

const functions: Readonly<Record<string, (...values: readonly unknown[]) => unknown>> = {
  contains: (list, item) => asList(list).some((each) => isSame(each, item)),
  length: (list) => asList(list).length,
  max_by: (list, by) =>
    asList(list).reduce<unknown>((most, each) => (most === null || Number((by as Expression)(each)) > Number((by as Expression)(most)) ? each : most), null),
  not_null: (...values) => values.find((value) => value !== null && value !== undefined) ?? null,
  values: (hash) => (isHash(hash) ? Object.values(hash).filter((each) => each !== undefined) : asList(hash)),
  to_string: (value) => (typeof value === "string" ? value : JSON.stringify(value)),
};

function asList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`JMESPath takes a list, not ${JSON.stringify(value)}`);
  return value;
}

function fieldOf(name: string): Expression {
  return (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? ((value as Readonly<Record<string, unknown>>)[name] ?? null) : null;
}

function flat(value: unknown): unknown {
  return Array.isArray(value) ? value.flat(1) : null;
}

function isTrue(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((each, at) => isSame(each, other[at]));
  if (!isHash(one) || !isHash(other)) return (one ?? null) === (other ?? null);
  const names = Object.keys(one).filter((name) => one[name] !== undefined);
  return names.length === Object.values(other).filter((each) => each !== undefined).length && names.every((name) => isSame(one[name], other[name]));
}

function isHash(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
