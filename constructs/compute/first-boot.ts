/** A part of what cloud-init does when an instance boots for the first time. https://docs.cloud-init.io/en/latest/explanation/format.html */
export interface FirstBootPart {
  readonly contentType: "text/x-shellscript" | "text/cloud-config";
  readonly content: string;
}

/** Bytes of user data, before base64: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html */
export const userDataLimitBytes = 16 * 1024;

/** Stands in no script of ours, and is refused in a user's. */
export const partBoundary = "==tap-first-boot==";

/** One script as it is; several parts as a MIME archive, which cloud-init takes apart in this order. */
export function firstBoot(parts: readonly FirstBootPart[]): string {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only.content;
  return [
    `Content-Type: multipart/mixed; boundary="${partBoundary}"`,
    "MIME-Version: 1.0",
    "",
    ...parts.flatMap(({ contentType, content }) => [
      `--${partBoundary}`,
      `Content-Type: ${contentType}; charset="utf-8"`,
      "MIME-Version: 1.0",
      "Content-Transfer-Encoding: 8bit",
      "",
      content,
    ]),
    `--${partBoundary}--`,
    "",
  ].join("\n");
}
