import { arnRegionOf } from "./region-names.ts";

export type IdentifierKind =
  | "loadBalancers"
  | "targetGroups"
  | "autoScalingGroups"
  | "tables"
  | "auroraClusters"
  | "auroraGlobalClusters"
  | "redisReplicationGroups";

/** An identifier as AWS knows it, with the region of its own ARN where it has one. */
export interface Identifier {
  readonly kind: IdentifierKind;
  readonly id: string;
  readonly region?: string;
  readonly arn?: string;
}

interface IdentifierForm {
  /** Resource part of the ARN; its group is the identifier. */
  readonly arn: RegExp;
  readonly plain: RegExp;
  readonly expected: string;
}

const forms: Readonly<Record<IdentifierKind, IdentifierForm>> = {
  loadBalancers: {
    arn: /^arn:[^:]+:elasticloadbalancing:[^:]+:\d{12}:loadbalancer\/(app\/[^/]+\/[0-9a-f]+)$/,
    plain: /^app\/[A-Za-z0-9-]{1,32}\/[0-9a-f]+$/,
    expected: "app/<name>/<id> or the ARN of an application load balancer",
  },
  targetGroups: {
    arn: /^arn:[^:]+:elasticloadbalancing:[^:]+:\d{12}:(targetgroup\/[^/]+\/[0-9a-f]+)$/,
    plain: /^targetgroup\/[A-Za-z0-9-]{1,32}\/[0-9a-f]+$/,
    expected: "targetgroup/<name>/<id>",
  },
  autoScalingGroups: {
    arn: /^arn:[^:]+:autoscaling:[^:]+:\d{12}:autoScalingGroup:[^:]+:autoScalingGroupName\/(.+)$/,
    plain: /^[^\p{Cc}:]{1,255}$/u,
    expected: "the name or ARN of an Auto Scaling group",
  },
  tables: {
    arn: /^arn:[^:]+:dynamodb:[^:]+:\d{12}:table\/([^/]+)(?:\/stream\/.+)?$/,
    plain: /^[A-Za-z0-9_.-]{3,255}$/,
    expected: "the name or ARN of a DynamoDB table",
  },
  auroraClusters: {
    arn: /^arn:[^:]+:rds:[^:]+:\d{12}:cluster:(.+)$/,
    plain: /^[A-Za-z][A-Za-z0-9-]{0,62}$/,
    expected: "the identifier or ARN of an Aurora cluster",
  },
  auroraGlobalClusters: {
    arn: /^arn:[^:]+:rds::\d{12}:global-cluster:(.+)$/,
    plain: /^[A-Za-z][A-Za-z0-9-]{0,254}$/,
    expected: "the identifier or ARN of an Aurora global database",
  },
  redisReplicationGroups: {
    arn: /^arn:[^:]+:elasticache:[^:]+:\d{12}:replicationgroup:(.+)$/,
    plain: /^[A-Za-z][A-Za-z0-9-]{0,39}$/,
    expected: "the id or ARN of an ElastiCache replication group",
  },
};

/** What values of a kind look like, for messages. */
export function expectedForm(kind: IdentifierKind): string {
  return forms[kind].expected;
}

/** Reads an ARN or a plain identifier; `undefined` when the text is neither. */
export function identifierOf(kind: IdentifierKind, text: string): Identifier | undefined {
  const form = forms[kind];
  const fromArn = form.arn.exec(text)?.[1];
  if (fromArn !== undefined) {
    const region = arnRegionOf(text);
    return { kind, id: fromArn, arn: text, ...(region === undefined ? {} : { region }) };
  }
  return form.plain.test(text) ? { kind, id: text } : undefined;
}
