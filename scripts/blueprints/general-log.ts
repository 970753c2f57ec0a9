import { resourcesOf, type StackDocument } from "./stack-document.ts";

/** What CloudWatch Logs takes for a GB that is written to it, in us-east-1. https://aws.amazon.com/cloudwatch/pricing/ */
const usdPerGb = 0.5;
const [statementsPerSecond, bytesPerStatement] = [1000, 200];
const secondsPerMonth = 730 * 3600;

/** What it costs that a database writes down every statement; nothing to say where none does. */
export function generalLogNote(documents: readonly StackDocument[]): readonly string[] {
  const isWritten = documents.some((document) =>
    resourcesOf(document).some(({ type, values }) => type === "aws_rds_cluster" && JSON.stringify(values).includes('"general"')),
  );
  if (!isWritten) return [];
  const gb = Math.round((statementsPerSecond * bytesPerStatement * secondsPerMonth) / 1e9);
  return [
    `The databases write their general log, as the requirement wants it exported: every connection and every statement with its values, so who may read the log group reads the data. CloudWatch Logs takes $${usdPerGb.toFixed(2)} a GB for it in us-east-1: ${statementsPerSecond.toLocaleString("en-US")} statements a second of ${bytesPerStatement} bytes are ${gb} GB, $${Math.round(gb * usdPerGb)} a month and instance. To do without, leave \`general\` out of the exports and \`general_log\` out of the parameters (\`constructs/data/aurora-cluster.ts\`).`,
  ];
}
