import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { objectSummary } from "../../constructs/functions/code/object-summary.ts";
import { streamArchive } from "../../constructs/functions/code/stream-archive.ts";
import { tableExport } from "../../constructs/functions/code/table-export.ts";

type Handler = (event: unknown) => Promise<unknown>;
interface Command {
  readonly name: string;
  readonly input: Record<string, unknown>;
}

let folder = "";
const sent: Command[] = [];
const before = { ...process.env };

/** In place of the SDK that Lambda's runtime brings: a client that hands each command to the test. */
const sdk = (client: string, commands: readonly string[]) => `
class Command { constructor(input) { this.input = input; } }
${commands.map((name) => `export class ${name} extends Command { name = ${JSON.stringify(name)}; }`).join("\n")}
export class ${client} { send(command) { return globalThis.tapAnswer(command); } }
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tap-function-"));
  sent.length = 0;
  for (const [name, client, commands] of [
    ["client-s3", "S3Client", ["PutObjectCommand", "GetObjectCommand"]],
    ["client-dynamodb", "DynamoDBClient", ["ExportTableToPointInTimeCommand"]],
  ] as const) {
    const target = join(folder, "node_modules", "@aws-sdk", name);
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, "package.json"), JSON.stringify({ name: `@aws-sdk/${name}`, type: "module", exports: "./index.mjs" }));
    writeFileSync(join(target, "index.mjs"), sdk(client, commands));
  }
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  process.env = { ...before };
});

/** The function as Lambda runs it: its own file, its environment, the SDK beside it. */
async function load(source: string, environment: Record<string, string>, answer: (command: Command) => unknown): Promise<Handler> {
  Object.assign(process.env, environment);
  Object.assign(globalThis, {
    tapAnswer: async (command: Command) => {
      sent.push({ name: command.name, input: command.input });
      return answer(command);
    },
  });
  const file = join(folder, "index.mjs");
  writeFileSync(file, source);
  const loaded = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { handler: Handler };
  return loaded.handler;
}

const record = (sequence: string, eventName: string) => ({
  eventID: `e${sequence}`,
  eventName,
  eventSourceARN: "arn:aws:dynamodb:us-east-1:123456789012:table/events/stream/2026-01-01T00:00:00.000",
  dynamodb: { SequenceNumber: sequence, ApproximateCreationDateTime: 1_767_225_600, Keys: { pk: { S: "a" } }, NewImage: { pk: { S: "a" } } },
});

describe("stream-archive", () => {
  it("writes a batch as one object, named by its first change", async () => {
    const handler = await load(streamArchive, { BUCKET: "data", PREFIX: "changes/" }, () => ({}));
    expect(await handler({ Records: [record("7", "INSERT"), record("8", "MODIFY")] })).toEqual({ written: 2 });
    expect(sent).toHaveLength(1);
    expect(sent[0]?.input).toMatchObject({ Bucket: "data", Key: "changes/events/2026-01-01/7.jsonl" });
    const lines = String(sent[0]?.input["Body"]).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { id: "e7", change: "INSERT", table: "events", after: { pk: { S: "a" } } },
      { id: "e8", change: "MODIFY" },
    ]);
  });

  it("writes nothing of an empty batch", async () => {
    const handler = await load(streamArchive, { BUCKET: "data", PREFIX: "changes/" }, () => ({}));
    expect(await handler({ Records: [] })).toEqual({ written: 0 });
    expect(sent).toEqual([]);
  });
});

describe("object-summary", () => {
  it("counts changes by table and kind, under another prefix than it reads", async () => {
    const body = `${["INSERT", "INSERT", "REMOVE"].map((change) => JSON.stringify({ table: "events", change })).join("\n")}\n`;
    const handler = await load(objectSummary, { SUMMARY_PREFIX: "summaries/" }, ({ name }) =>
      name === "GetObjectCommand" ? { Body: { transformToString: async () => body } } : {},
    );
    const key = "changes/events/2026-01-01/7+8.jsonl";
    expect(await handler({ Records: [{ s3: { bucket: { name: "data" }, object: { key: encodeURIComponent(key) } } }] })).toEqual({ summarized: 1 });
    expect(sent.map(({ name, input }) => [name, input["Key"]])).toEqual([
      ["GetObjectCommand", key],
      ["PutObjectCommand", "summaries/events/2026-01-01/7+8.jsonl.json"],
    ]);
    expect(JSON.parse(String(sent[1]?.input["Body"]))).toEqual({ source: key, counts: { events: { INSERT: 2, REMOVE: 1 } } });
  });
});

describe("table-export", () => {
  it("asks for each table's export with a token that a repeated event repeats", async () => {
    const environment = { BUCKET: "data", PREFIX: "exports/", KEY_ARN: "key", TABLE_ARNS: "arn:aws:dynamodb:us-east-1:123456789012:table/events" };
    const handler = await load(tableExport, environment, () => ({ ExportDescription: { ExportArn: "export" } }));
    const event = { id: "one", time: "2026-01-01T04:15:00Z" };
    expect(await handler(event)).toEqual({ exports: ["export"] });
    await handler(event);
    await handler({ ...event, id: "two" });
    expect(sent[0]?.input).toMatchObject({ S3Bucket: "data", S3Prefix: "exports/2026-01-01/events", S3SseAlgorithm: "KMS", S3SseKmsKeyId: "key" });
    const tokens = sent.map(({ input }) => input["ClientToken"]);
    expect(tokens[1]).toBe(tokens[0]);
    expect(tokens[2]).not.toBe(tokens[0]);
  });
});
