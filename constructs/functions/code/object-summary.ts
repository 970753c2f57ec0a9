/**
 * Counts the changes of each new object of the archive by table and kind, and writes the counts beside it under another prefix: an
 * object that comes twice is summed up twice with the same result. JavaScript as text: see stream-archive.ts.
 */
export const objectSummary = `import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const summaries = process.env.SUMMARY_PREFIX;
const s3 = new S3Client({});

export async function handler({ Records: records }) {
  for (const record of records) await summarize(record.s3);
  return { summarized: records.length };
}

async function summarize({ bucket, object }) {
  // S3 names objects in its events as a web form would.
  const key = decodeURIComponent(object.key.replaceAll("+", " "));
  const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
  const counts = {};
  for (const line of (await body.transformToString()).split("\\n")) {
    if (line === "") continue;
    const { table, change } = JSON.parse(line);
    counts[table] ??= {};
    counts[table][change] = (counts[table][change] ?? 0) + 1;
  }
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket.name,
      Key: \`\${summaries}\${key.slice(key.indexOf("/") + 1)}.json\`,
      Body: JSON.stringify({ source: key, counts }),
      ContentType: "application/json",
    }),
  );
}
`;
