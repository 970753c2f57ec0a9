import { z } from "zod";
import { canonicalJson } from "../../../contract/canonical-json.ts";
import { UserError } from "../../../contract/user-error.ts";
import { sha256Hex, sha256HexOf } from "./hash.ts";
import { type Baseline, type FrozenBaseline, type Observation, seriesId, statistics, units } from "./observation.ts";

const headerSchema = z.strictObject({
  format: z.literal("baseline"),
  version: z.literal(1),
  span: z.strictObject({ startMs: z.number(), endMs: z.number() }),
  metricRequests: z.int().nonnegative(),
});

const observationSchema = z.strictObject({
  key: z.strictObject({
    region: z.string(),
    namespace: z.string(),
    metric: z.string(),
    dimensions: z.record(z.string(), z.string()),
    statistic: z.enum(statistics),
    periodSeconds: z.int().positive(),
  }),
  unit: z.enum(units),
  startMs: z.number(),
  status: z.enum(["complete", "partial", "failed"]),
  /** Base64 of 64-bit floats, little-endian, so that NaN and every last bit survive. */
  values: z.string().transform((text, context): Float64Array => {
    const bytes = bytesOfBase64(text);
    if (bytes !== undefined) return decodeValues(bytes);
    context.issues.push({ code: "custom", message: "Invalid base64-encoded string", input: text });
    return z.NEVER;
  }),
});

/**
 * The stored form, line by line: a JSON header line, then one JSON line per observation, sorted by `seriesId`. Equal baselines have equal text.
 * The hash is of this text and therefore not in it. Never in one piece: that of a large account would be longer than a string may be.
 */
export function* encodeBaseline({ span, metricRequests, observations }: Baseline): Generator<string> {
  yield `${canonicalJson({ format: "baseline", version: 1, span, metricRequests })}\n`;
  for (const [, { values, ...rest }] of [...observations.entries()].sort(([a], [b]) => (a < b ? -1 : 1))) {
    // `values` is the last of the sorted names, and base64 needs no escaping.
    yield `${canonicalJson(rest).slice(0, -1)},"values":"${encodeValues(values)}"}\n`;
  }
}

/** Freezes what was collected under the SHA-256 of its stored form. */
export function freezeBaseline(collected: Baseline): FrozenBaseline {
  return { ...collected, hash: sha256HexOf(encodeBaseline(collected)) };
}

/** The inverse of `encodeBaseline`; text of another format or version is the UserError `bad-baseline`. */
export function decodeBaseline(text: string): FrozenBaseline {
  const [first = "", ...lines] = text.split("\n").filter((line) => line !== "");
  const { span, metricRequests } = parsed(headerSchema, first, 1);
  const observations = lines.map((line, index): [string, Observation] => {
    const one = parsed(observationSchema, line, index + 2);
    return [seriesId(one.key), one];
  });
  return { span, metricRequests, observations: new Map(observations), hash: sha256Hex(text) };
}

function parsed<T>(schema: z.ZodType<T>, line: string, number: number): T {
  const result = schema.safeParse(jsonOf(line));
  if (result.success) return result.data;
  throw new UserError({
    code: "bad-baseline",
    message: `line ${number} of the baseline is not what version 1 says: ${z.prettifyError(result.error)}`,
    hint: "the file was changed or written by another version; make a new plan",
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new UserError({ code: "bad-baseline", message: "the baseline is cut or is no JSON", hint: "make a new plan", cause });
  }
}

const bytesPerValue = 8;
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function encodeValues(values: Float64Array): string {
  return littleEndian(Buffer.from(values.buffer, values.byteOffset, values.byteLength)).toString("base64");
}

/** Undefined for what is none: what Node leaves out of such a text makes fewer bytes than its length says, but for the letters of base64url. */
function bytesOfBase64(text: string): Buffer | undefined {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = Buffer.from(text, "base64");
  return text.length % 4 === 0 && bytes.length === (text.length / 4) * 3 - padding && !text.includes("-") && !text.includes("_") ? bytes : undefined;
}

function decodeValues(encoded: Buffer): Float64Array {
  const bytes = littleEndian(encoded);
  // Copied as a whole, to where floats may stand: one by one, a month of metrics takes a tenth of a second.
  return new Float64Array(new Uint8Array(bytes.subarray(0, bytes.length - (bytes.length % bytesPerValue))).buffer);
}

/** To and from the order in which this processor keeps its numbers. */
function littleEndian(bytes: Buffer): Buffer {
  return isLittleEndian ? bytes : Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % bytesPerValue))).swap64();
}
