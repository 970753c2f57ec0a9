import { UserError } from "../../contract/user-error.ts";
import type { EvaluatedResource } from "./evaluate.ts";
import { scalarText } from "./values.ts";

/** Typed reading of a resource's evaluated arguments. Terraform takes "15" for 15 and "true" for true; so do these. */
export interface Arguments {
  text(name: string): string;
  optionalText(name: string): string | null;
  number(name: string, fallback?: number): number;
  flag(name: string, fallback: boolean): boolean;
  texts(name: string): readonly string[];
  /** Keys and values of a map of texts. */
  pairs(name: string): readonly (readonly [string, string])[];
  /** Blocks of a kind; one that may occur once is a list of one. */
  blocks(name: string): readonly Arguments[];
}

export function argumentsOf(resource: EvaluatedResource): Arguments {
  return read(resource.arguments, resource.address);
}

function read(record: Readonly<Record<string, unknown>>, where: string): Arguments {
  const value = (name: string): unknown => record[name] ?? undefined;
  const optionalText = (name: string): string | null => {
    const found = value(name);
    return found === undefined ? null : scalarText(found, `${where}.${name}`);
  };
  const text = (name: string): string => optionalText(name) ?? missing(where, name);
  return {
    text,
    optionalText,
    number: (name, fallback) => {
      const found = Number(value(name) ?? fallback ?? missing(where, name));
      return Number.isFinite(found) ? found : missing(where, `${name} as a number`);
    },
    flag: (name, fallback) => scalarText(value(name) ?? fallback, `${where}.${name}`) === "true",
    texts: (name) => {
      const found = value(name) ?? [];
      return Array.isArray(found) ? found.map(String) : missing(where, `${name} as a list`);
    },
    pairs: (name) => Object.entries(Object(value(name) ?? {})).map(([key, item]) => [key, String(item)]),
    blocks: (name) =>
      [value(name) ?? []].flat().map((block) => {
        if (typeof block !== "object" || block === null) return missing(where, `${name} as a block`);
        return read(Object.fromEntries(Object.entries(block)), `${where}.${name}`);
      }),
  };
}

function missing(where: string, what: string): never {
  throw new UserError({
    code: "not-simulated",
    message: `${where} lacks ${what}, without which the simulated account cannot model it`,
    hint: "set the argument in the stack",
  });
}
