import { z } from "zod";
import { type LocalAws, regions } from "./local-aws.ts";

const certificateSchema = z.object({ CertificateArn: z.string() });

/** The zone that the domain of a deployment is in. */
export const zoneName = "example.com";

/** ARNs of certificates, one a region: the load balancer's listener takes none that ACM does not have. */
export function requestedCertificates(aws: LocalAws): Promise<readonly string[]> {
  return Promise.all(
    regions.map(async (region) => {
      const answer = await fetch(aws.url, {
        method: "POST",
        headers: {
          "Content-Type": "application/x-amz-json-1.1",
          "X-Amz-Target": "CertificateManager.RequestCertificate",
          Authorization: signature(region, "acm"),
        },
        body: JSON.stringify({ DomainName: "app.example.com", ValidationMethod: "DNS" }),
      });
      if (!answer.ok) throw new Error(`no certificate in ${region}: ${answer.status} ${await answer.text()}`);
      return certificateSchema.parse(await answer.json()).CertificateArn;
    }),
  );
}

/** Who has a domain has its zone; the stacks only add records to it. */
export async function createdZone(aws: LocalAws): Promise<void> {
  const answer = await fetch(`${aws.url}/2013-04-01/hostedzone`, {
    method: "POST",
    headers: { "Content-Type": "text/xml", Authorization: signature("us-east-1", "route53") },
    body: `<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>${zoneName}</Name><CallerReference>zone</CallerReference></CreateHostedZoneRequest>`,
  });
  if (!answer.ok) throw new Error(`no zone: ${answer.status} ${await answer.text()}`);
}

/** The server reads service and region of it, and checks nothing. */
function signature(region: string, service: string): string {
  return `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`;
}
