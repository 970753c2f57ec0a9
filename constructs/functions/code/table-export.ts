/**
 * Asks DynamoDB to export each table as it is now to the bucket. The export itself runs in DynamoDB, from the table's continuous
 * backup, and takes no capacity from it. The token makes a repeated call of the same event the same export. JavaScript as text: see
 * stream-archive.ts.
 */
export const tableExport = `import { createHash } from "node:crypto";
import { DynamoDBClient, ExportTableToPointInTimeCommand } from "@aws-sdk/client-dynamodb";

const bucket = process.env.BUCKET;
const prefix = process.env.PREFIX;
const keyArn = process.env.KEY_ARN;
const tables = process.env.TABLE_ARNS.split(",");
const dynamodb = new DynamoDBClient({});

export async function handler({ id, time }) {
  const day = time.slice(0, 10);
  const exports = [];
  for (const table of tables) {
    const { ExportDescription: description } = await dynamodb.send(
      new ExportTableToPointInTimeCommand({
        TableArn: table,
        S3Bucket: bucket,
        S3Prefix: \`\${prefix}\${day}/\${table.split("/")[1]}\`,
        S3SseAlgorithm: "KMS",
        S3SseKmsKeyId: keyArn,
        ExportFormat: "DYNAMODB_JSON",
        ClientToken: createHash("sha256").update(id + table).digest("hex").slice(0, 32),
      }),
    );
    exports.push(description.ExportArn);
  }
  return { exports };
}
`;
