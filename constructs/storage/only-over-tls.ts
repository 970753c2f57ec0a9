import type { Statement } from "../policy-document.ts";

/** Both ARNs: with the bucket's alone every object would still be readable in clear text. */
export function onlyOverTls(bucketArn: string): Statement {
  return {
    Sid: "OnlyOverTls",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
