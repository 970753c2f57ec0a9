import { z } from "zod";
import { invalidNextToken } from "./service-errors.ts";

const tokenSchema = z.strictObject({ request: z.int(), query: z.int().nonnegative(), point: z.int().nonnegative(), nowMs: z.number() });

/** Where a page starts: which query, how many of its points were sent, and as of when, so that all pages agree. */
export type PagePosition = z.infer<typeof tokenSchema>;

export function encodePosition(position: PagePosition): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** The position in a token, if the token belongs to this request; AWS's InvalidNextToken otherwise. */
export function decodePosition(token: string, request: number): PagePosition {
  const parsed = tokenSchema.safeParse(parseJson(Buffer.from(token, "base64url").toString()));
  if (!parsed.success || parsed.data.request !== request) throw invalidNextToken();
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
