import { z } from "zod";
import type { StackDocument } from "../synthesized-stacks.ts";
import type { SafetyTheme } from "./safety-rules.ts";

export type Values = Record<string, unknown>;

/** One way to make a stack unsafe, and the theme that must notice it. */
export interface Mutation {
  readonly breaks: string;
  readonly theme: SafetyTheme;
  readonly type: string;
  /** Of the resources of the type those that it applies to; all by default. */
  readonly where?: (values: Values) => boolean;
  /** Changes the resource, or tells that it is to be removed. */
  readonly change: (values: Values, document: StackDocument) => void | "remove";
}

export const set =
  (changes: Values) =>
  (values: Values): void => {
    Object.assign(values, changes);
  };
export const unset =
  (argument: string) =>
  (values: Values): void => {
    delete values[argument];
  };
export const remove = (): "remove" => "remove";

/** Replaces a piece of the argument's JSON, which must be there. */
export const replace =
  (argument: string, piece: string | RegExp, by: string) =>
  (values: Values): void => {
    const before = JSON.stringify(values[argument]);
    const after = before.replace(piece, by);
    if (after === before) throw new Error(`${argument} has no ${String(piece)}: ${before}`);
    values[argument] = JSON.parse(after);
  };

const policySchema = z.looseObject({ Statement: z.array(z.looseObject({ Action: z.union([z.string(), z.array(z.string())]) })) });

export const allows =
  (action: string) =>
  ({ policy }: Values): boolean =>
    String(policy).includes(`"${action}"`);

/** Changes the statement of the resource's policy that has the action. */
export const restate =
  (action: string, changes: Values) =>
  (values: Values): void => {
    const { Statement, ...rest } = policySchema.parse(JSON.parse(String(values["policy"])));
    values["policy"] = JSON.stringify({ ...rest, Statement: Statement.map((one) => ([one.Action].flat().includes(action) ? { ...one, ...changes } : one)) });
  };
