import { z } from "zod";
import { type LocalAws, regions } from "./local-aws.ts";

const certificateSchema = z.object({ CertificateArn: z.string() });

/** ARNs of certificates, one a region: the load balancer's listener takes none that ACM does not have. */
export function requestedCertificates(aws: LocalAws): Promise<readonly string[]> {
  return Promise.all(
    regions.map(async (region) => {
      const answer = await fetch(aws.url, {
        method: "POST",
        headers: {
          "Content-Type": "application/x-amz-json-1.1",
          "X-Amz-Target": "CertificateManager.RequestCertificate",
          // Of a signature, the server reads service and region only.
          Authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/acm/aws4_request, SignedHeaders=host, Signature=none`,
        },
        body: JSON.stringify({ DomainName: "app.example.com", ValidationMethod: "DNS" }),
      });
      if (!answer.ok) throw new Error(`no certificate in ${region}: ${answer.status} ${await answer.text()}`);
      return certificateSchema.parse(await answer.json()).CertificateArn;
    }),
  );
}
