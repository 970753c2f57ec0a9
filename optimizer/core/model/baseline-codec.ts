import { z } from "zod";
import { canonicalJson } from "../../../contract/canonical-json.ts";
import { UserError } from "../../../contract/user-error.ts";
import { sha256Hex } from "./hash.ts";
import { type Baseline, type FrozenBaseline, isNoPoints, type Observation, seriesId, statistics, units } from "./observation.ts";
import { oncePer } from "./once.ts";

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
});

/** Before the figures, the last member of an observation's line: base64 of 64-bit floats, little-endian, so that NaN and every last bit survive. */
const beforeValues = Buffer.from(',"values":"');
const afterValues = Buffer.from('"}');

/**
 * The stored form, line by line, each in parts: a JSON header line, then one JSON line per observation, sorted by `seriesId`. Equal baselines have equal text.
 * The hash is of this text and therefore not in it. Never in one piece: that of a large account would be longer than a string may be.
 */
export function* encodeBaseline({ span, metricRequests, observations }: Baseline): Generator<string> {
  yield `${canonicalJson({ format: "baseline", version: 1, span, metricRequests })}\n`;
  for (const [, { values, ...rest }] of [...observations.entries()].sort(([a], [b]) => (a < b ? -1 : 1))) {
    // `values` is the last of the sorted names, and base64 needs no escaping.
    yield `${canonicalJson(rest).slice(0, -1)},"values":"`;
    yield encodeValues(values);
    yield '"}\n';
  }
}

/**
 * The inverse of `encodeBaseline`; what has another format or version is the UserError `bad-baseline`. Nearly all of it is figures, which are
 * never made a text of: every page that is drawn reads them.
 */
export function decodeBaseline(stored: Buffer): FrozenBaseline {
  const [first = Buffer.alloc(0), ...lines] = linesOf(stored);
  const { span, metricRequests } = parsed(headerSchema, first.toString("utf8"), 1);
  const observations = lines.map((line, index): [string, Observation] => {
    const one = observationOf(line, index + 2);
    return [seriesId(one.key), one];
  });
  return { span, metricRequests, observations: new Map(observations), hash: sha256Hex(stored) };
}

function observationOf(line: Buffer, number: number): Observation {
  const valuesAt = line.lastIndexOf(beforeValues);
  const endsAt = line.length - afterValues.length;
  if (valuesAt < 0 || !line.subarray(endsAt).equals(afterValues)) throw unlike(number, "it does not end with its values");
  const rest = parsed(observationSchema, `${line.toString("utf8", 0, valuesAt)}}`, number);
  const values = bytesOfBase64(line.toString("latin1", valuesAt + beforeValues.length, endsAt));
  if (values === undefined) throw unlike(number, "its values are no base64");
  return { ...rest, values: decodeValues(values) };
}

const newline = 0x0a;

/** Without empty ones. */
function linesOf(stored: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < stored.length;) {
    const end = stored.indexOf(newline, from);
    const until = end < 0 ? stored.length : end;
    if (until > from) lines.push(stored.subarray(from, until));
    from = until + 1;
  }
  return lines;
}

function parsed<T>(schema: z.ZodType<T>, line: string, number: number): T {
  const result = schema.safeParse(jsonOf(line));
  if (result.success) return result.data;
  throw unlike(number, z.prettifyError(result.error));
}

function unlike(line: number, problem: string): UserError {
  return new UserError({
    code: "bad-baseline",
    message: `line ${line} of the baseline is not what version 1 says: ${problem}`,
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
  return isNoPoints(values) ? encodedNoPoints(values) : encoded(values);
}

/** Much of what is asked for does not exist, and looks the same. */
const encodedNoPoints = oncePer(encoded);

function encoded(values: Float64Array): string {
  return littleEndian(Buffer.from(values.buffer, values.byteOffset, values.byteLength), isLittleEndian).toString("base64");
}

/** Undefined for what is none: what Node leaves out of such a text makes fewer bytes than its length says, but for the letters of base64url. */
function bytesOfBase64(text: string): Buffer | undefined {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = Buffer.from(text, "base64");
  return text.length % 4 === 0 && bytes.length === (text.length / 4) * 3 - padding && !text.includes("-") && !text.includes("_") ? bytes : undefined;
}

function decodeValues(encoded: Buffer): Float64Array {
  const bytes = littleEndian(encoded, isLittleEndian);
  // Copied as a whole, to where floats may stand: one by one, a month of metrics takes a tenth of a second.
  return new Float64Array(new Uint8Array(bytes.subarray(0, bytes.length - (bytes.length % bytesPerValue))).buffer);
}

/** To and from the order in which a processor keeps its numbers. */
export function littleEndian(bytes: Buffer, isProcessorLittleEndian: boolean): Buffer {
  return isProcessorLittleEndian ? bytes : Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % bytesPerValue))).swap64();
}
