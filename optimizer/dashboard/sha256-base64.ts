import { createHash } from "node:crypto";

/** The hash of an inline script or style as a content security policy names it. */
export function sha256Base64(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("base64");
}
