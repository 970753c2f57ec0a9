/**
 * Writes each batch of a table's changes to the bucket as one object, a line of JSON a change. The object is named by the batch's
 * first sequence number, so that a batch that comes twice is written once. JavaScript as text, since it is zipped, not bundled:
 * AWS's SDK is part of the runtime.
 */
export const streamArchive = `import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const bucket = process.env.BUCKET;
const prefix = process.env.PREFIX;
const s3 = new S3Client({});

export async function handler({ Records: records }) {
  if (records.length === 0) return { written: 0 };
  const [first] = records;
  const table = first.eventSourceARN.split("/")[1];
  const day = new Date(first.dynamodb.ApproximateCreationDateTime * 1000).toISOString().slice(0, 10);
  const lines = records.map(({ eventID, eventName, dynamodb }) => {
    const { Keys: keys, NewImage: after, OldImage: before } = dynamodb;
    return JSON.stringify({ id: eventID, change: eventName, table, keys, before, after });
  });
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: \`\${prefix}\${table}/\${day}/\${first.dynamodb.SequenceNumber}.jsonl\`,
      Body: \`\${lines.join("\\n")}\\n\`,
      ContentType: "application/jsonl",
    }),
  );
  return { written: lines.length };
}
`;
