import { createHash } from "node:crypto";
import { objectSummary } from "./code/object-summary.ts";
import { streamArchive } from "./code/stream-archive.ts";
import { tableExport } from "./code/table-export.ts";
import { zip } from "./zip.ts";

/** What a function does. */
export type FunctionCode = "stream-archive" | "table-export" | "object-summary";

/** As AWS names them. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
export const runtime = "nodejs22.x";
export const handler = "index.handler";

const sources: Readonly<Record<FunctionCode, string>> = { "stream-archive": streamArchive, "table-export": tableExport, "object-summary": objectSummary };

/** Code as Lambda takes it. */
export interface CodePackage {
  readonly bytes: Buffer;
  /** Base64 SHA-256 of the bytes, which is what AWS answers: any other value would be a change at each plan. */
  readonly hash: string;
}

export function codePackage(code: FunctionCode): CodePackage {
  const bytes = zip([{ path: "index.mjs", text: sources[code] }]);
  return { bytes, hash: createHash("sha256").update(bytes).digest("base64") };
}
