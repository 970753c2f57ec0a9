import { z } from "zod";
import { canonicalJson } from "../../../contract/canonical-json.ts";
import { UserError } from "../../../contract/user-error.ts";
import { sha256Hex } from "./hash.ts";
import { type Baseline, type Observation, seriesId, statistics, units } from "./observation.ts";

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
  values: z.base64(),
});

/**
 * The stored form: a JSON header line, then one JSON line per observation, sorted by `seriesId`. Equal baselines have equal text.
 * The hash is of this text and therefore not in it.
 */
export function encodeBaseline({ span, metricRequests, observations }: Omit<Baseline, "hash">): string {
  const header = canonicalJson({ format: "baseline", version: 1, span, metricRequests });
  const lines = [...observations.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => canonicalJson({ ...one, values: encodeValues(one.values) }));
  return `${[header, ...lines].join("\n")}\n`;
}

/** Freezes what was collected under the SHA-256 of its stored form. */
export function freezeBaseline(collected: Omit<Baseline, "hash">): Baseline {
  return { ...collected, hash: sha256Hex(encodeBaseline(collected)) };
}

/** The inverse of `encodeBaseline`; text of another format or version is the UserError `bad-baseline`. */
export function decodeBaseline(text: string): Baseline {
  const [first = "", ...lines] = text.split("\n").filter((line) => line !== "");
  const { span, metricRequests } = parsed(headerSchema, first, 1);
  const observations = lines.map((line, index): [string, Observation] => {
    const one = parsed(observationSchema, line, index + 2);
    return [seriesId(one.key), { ...one, values: decodeValues(one.values) }];
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
  const view = new DataView(new ArrayBuffer(values.length * bytesPerValue));
  values.forEach((value, period) => view.setFloat64(period * bytesPerValue, value, true));
  return Buffer.from(view.buffer).toString("base64");
}

function decodeValues(base64: string): Float64Array {
  const bytes = Buffer.from(base64, "base64");
  const whole = bytes.subarray(0, bytes.length - (bytes.length % bytesPerValue));
  if (!isLittleEndian) whole.swap64();
  // Copied as a whole, to where floats may stand: one by one, a month of metrics takes a tenth of a second.
  return new Float64Array(new Uint8Array(whole).buffer);
}
