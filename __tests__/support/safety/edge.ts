import { resources, type Resource, type StackDocument } from "../synthesized-stacks.ts";
import { lacking } from "./network.ts";
import { at, refersTo, unmet, type Requirements, type SafetyRule, textOf } from "./requirements.ts";

const hardened: Requirements = {
  aws_launch_template: { "metadata_options.http_tokens": "required", "metadata_options.http_put_response_hop_limit": 1 },
  aws_lb: { drop_invalid_header_fields: true, "access_logs.enabled": true },
};

/** What faces the internet speaks TLS 1.2 at least, logs, and hands no credentials to who can make it fetch a page. */
export const edge: SafetyRule = ({ document, environment }) => [
  ...unmet(document, hardened),
  ...resources(document, "aws_lb_listener").flatMap((listener) =>
    listener.values["protocol"] === "HTTPS" ? weakTls(listener) : clearText(listener, environment),
  ),
  ...unwritableLogs(document),
  ...lacking(document, "aws_wafv2_web_acl", "aws_wafv2_web_acl_association", "web_acl_arn", "guards nothing"),
];

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
function weakTls({ address, values }: Resource): readonly string[] {
  const policy = textOf(values["ssl_policy"]);
  return [
    ...(/^ELBSecurityPolicy-TLS13-1-[23]-/.test(policy) ? [] : [`${address}: ${policy} takes old versions of TLS`]),
    ...(typeof values["certificate_arn"] === "string" ? [] : [`${address}: has no certificate`]),
  ];
}

function clearText({ address, values }: Resource, environment: string): readonly string[] {
  const leadsAway = at(values, "default_action.redirect.protocol") === "HTTPS" && at(values, "default_action.redirect.status_code") === "HTTP_301";
  return leadsAway || environment !== "production" ? [] : [`${address}: answers in clear text`];
}

/** The load balancer tries to write when its logs are switched on: the bucket's policy must stand before. */
function unwritableLogs(document: StackDocument): readonly string[] {
  const policies = resources(document, "aws_s3_bucket_policy");
  return resources(document, "aws_lb")
    .filter(({ values }) => {
      const bucket = resources(document, "aws_s3_bucket").find(({ address }) => refersTo(at(values, "access_logs.bucket"), address));
      const policy = policies.find((candidate) => bucket !== undefined && refersTo(candidate.values["bucket"], bucket.address));
      return policy === undefined || ![values["depends_on"]].flat().includes(policy.address);
    })
    .map(({ address }) => `${address}: may be made before its log bucket lets it write`);
}
