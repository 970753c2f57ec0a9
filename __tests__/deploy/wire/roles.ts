import type { WireAccount } from "./trial.ts";

/** ARN of a role that the service may assume. Of IAM the optimizer calls nothing, so that no client of its SDK is there. */
export async function roleFor({ endpoint, name }: WireAccount, service: string): Promise<string> {
  const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }] };
  const RoleName = `${name}-role`;
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: { Authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=none" },
    body: new URLSearchParams({ Action: "CreateRole", Version: "2010-05-08", RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  });
  const arn = /<Arn>(?<arn>[^<]+)<\/Arn>/.exec(await answer.text())?.groups?.["arn"];
  if (arn === undefined) throw new Error(`no role for ${service}: ${answer.status}`);
  return arn;
}
