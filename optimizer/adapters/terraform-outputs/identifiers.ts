import { arnOf, type Arn } from "./arns.ts";

export type IdentifierKind =
  | "loadBalancers"
  | "targetGroups"
  | "autoScalingGroups"
  | "tables"
  | "auroraClusters"
  | "auroraGlobalClusters"
  | "rdsInstances"
  | "redisReplicationGroups"
  | "dataBuckets"
  | "functions"
  | "containerClusters"
  | "containerServices";

/** An identifier as AWS knows it, with its own ARN where it has one. */
export interface Identifier {
  readonly kind: IdentifierKind;
  readonly id: string;
  readonly arn?: Arn;
}

interface IdentifierForm {
  readonly service: string;
  /** Resource part of the ARN; its group is the identifier. */
  readonly resource: RegExp;
  readonly plain: RegExp;
  /** What may stand before a plain identifier and is none of it. */
  readonly prefix?: string;
  /** A host that AWS calls by its name; its group is the identifier. */
  readonly host?: RegExp;
  readonly expected: string;
  /** An ARN under a key that says nothing of it is not taken for one. */
  readonly isOnlyByKey?: true;
}

const forms: Readonly<Record<IdentifierKind, IdentifierForm>> = {
  loadBalancers: {
    service: "elasticloadbalancing",
    resource: /^loadbalancer\/(app\/[^/]+\/[0-9a-f-]+)$/,
    plain: /^app\/[A-Za-z0-9-]{1,32}\/[0-9a-f-]+$/,
    // As an ARN has it.
    prefix: "loadbalancer/",
    expected: "app/<name>/<id> or the ARN of an application load balancer",
  },
  targetGroups: {
    service: "elasticloadbalancing",
    resource: /^(targetgroup\/[^/]+\/[0-9a-f-]+)$/,
    plain: /^targetgroup\/[A-Za-z0-9-]{1,32}\/[0-9a-f-]+$/,
    expected: "targetgroup/<name>/<id>",
  },
  autoScalingGroups: {
    service: "autoscaling",
    resource: /^autoScalingGroup:[^:]+:autoScalingGroupName\/([^:]+)$/,
    // Whatever else a key promises, the id of a launch template, subnet or instance is no group's name.
    plain: /^(?!(?:lt|sg|subnet|vpc|i|ami|eni|vol)-[0-9a-f]{8,17}$)[^\p{Cc}:]{1,255}$/u,
    expected: "the name or ARN of an Auto Scaling group",
  },
  tables: {
    service: "dynamodb",
    resource: /^table\/([^/]+)$/,
    // Not the id that DynamoDB gives a table besides.
    plain: /^(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$)[A-Za-z0-9_.-]{3,255}$/,
    expected: "the name or ARN of a DynamoDB table",
  },
  auroraClusters: {
    service: "rds",
    resource: /^cluster:(?!cluster-[A-Z0-9]{26}$)(.+)$/,
    // Not what RDS calls it by itself, which no API takes for it.
    plain: /^(?!cluster-[A-Z0-9]{26}$)[A-Za-z][A-Za-z0-9-]{0,62}$/,
    // Of writer or readers; a custom endpoint (`.cluster-custom-…`) has a name of its own.
    host: /^([a-z][a-z0-9-]*)\.cluster-(?:ro-)?[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com(?:\.cn)?(?::\d+)?$/,
    expected: "the identifier, endpoint or ARN of an Aurora cluster",
  },
  auroraGlobalClusters: {
    service: "rds",
    resource: /^global-cluster:(.+)$/,
    plain: /^[A-Za-z][A-Za-z0-9-]{0,254}$/,
    expected: "the identifier or ARN of an Aurora global database",
  },
  rdsInstances: {
    service: "rds",
    resource: /^db:(.+)$/,
    plain: /^(?!db-[A-Z0-9]{26}$)[A-Za-z][A-Za-z0-9-]{0,62}$/,
    host: /^([a-z][a-z0-9-]*)\.[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com(?:\.cn)?(?::\d+)?$/,
    expected: "the identifier, endpoint or ARN of an RDS DB instance",
    // The members of a cluster have ARNs of the same form, and are the cluster's.
    isOnlyByKey: true,
  },
  redisReplicationGroups: {
    service: "elasticache",
    resource: /^replicationgroup:(.+)$/,
    plain: /^[A-Za-z][A-Za-z0-9-]{0,39}$/,
    // With encryption in transit the role stands before the name, without it behind (`….ng.0001.…`, `….clustercfg.…`).
    host: /^(?:(?:master|replica|clustercfg)\.([a-z][a-z0-9-]*)\.[a-z0-9]+|([a-z][a-z0-9-]*?)(?:-ro)?\.[a-z0-9]+\.(?:ng\.0001|clustercfg))\.[a-z0-9]+\.cache\.amazonaws\.com(?:\.cn)?(?::\d+)?$/,
    expected: "the id, endpoint or ARN of an ElastiCache replication group",
  },
  dataBuckets: {
    service: "s3",
    // Never by an ARN alone: a bucket's says neither region nor account, and most buckets hold logs or states.
    resource: /^(?!)/,
    plain: /^(?=.{3,63}$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
    expected: "the name of a bucket",
  },
  functions: {
    service: "lambda",
    // With a version or alias behind it, it is another thing.
    resource: /^function:([A-Za-z0-9_-]{1,64})$/,
    plain: /^[A-Za-z0-9_-]{1,64}$/,
    expected: "the name or ARN of a Lambda function",
  },
  containerClusters: {
    service: "ecs",
    resource: /^cluster\/([A-Za-z0-9_-]{1,255})$/,
    plain: /^[A-Za-z0-9_-]{1,255}$/,
    expected: "the name or ARN of an ECS cluster",
  },
  containerServices: {
    service: "ecs",
    // ARNs of before 2018 do not name the cluster.
    resource: /^service\/((?:[A-Za-z0-9_-]{1,255}\/)?[A-Za-z0-9_-]{1,255})$/,
    plain: /^(?:[A-Za-z0-9_-]{1,255}\/)?[A-Za-z0-9_-]{1,255}$/,
    expected: "the name or ARN of an ECS service",
  },
};

const kinds = Object.keys(forms) as IdentifierKind[];

/** What values of a kind look like, for messages. */
export function expectedForm(kind: IdentifierKind): string {
  return forms[kind].expected;
}

/** The service in the ARNs of a kind. */
export function serviceOf(kind: IdentifierKind): string {
  return forms[kind].service;
}

/** Whether a name beside an ARN of this service may be a near miss of ours. ECS names are read wherever they are ours. */
export function isServiceOfOurs(service: string): boolean {
  return service !== "ecs" && kinds.some((kind) => forms[kind].service === service);
}

/** A resource that its ARN alone identifies, whatever key it stands under; `undefined` for an ARN of anything else. */
export function identifierOfArn(arn: Arn): Identifier | undefined {
  return ofArn(
    arn,
    kinds.filter((kind) => forms[kind].isOnlyByKey !== true),
  );
}

function ofArn(arn: Arn, among: readonly IdentifierKind[]): Identifier | undefined {
  if (arn.account === undefined) return undefined;
  for (const kind of among) {
    const id = arn.service === forms[kind].service ? forms[kind].resource.exec(arn.resource)?.[1] : undefined;
    // What a policy is about may be a pattern (`table/prod-*`). Only a global database is nowhere.
    if (id !== undefined && !/[*?]/.test(id) && (kind === "auroraGlobalClusters" || arn.region !== undefined)) return { kind, id, arn };
  }
  return undefined;
}

/** A load balancer's or target group's full name looks like nothing else, whatever its key. */
export function identifierOfFullName(given: string): Identifier | undefined {
  const text = withoutPrefix("loadBalancers", given);
  const kind = /^app\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/.test(text)
    ? "loadBalancers"
    : /^targetgroup\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/.test(text)
      ? "targetGroups"
      : undefined;
  return kind === undefined ? undefined : { kind, id: text };
}

/** Reads an ARN of the kind, an endpoint or a plain identifier; `undefined` when the text is none of them. */
export function identifierOf(kind: IdentifierKind, text: string): Identifier | undefined {
  const arn = arnOf(text);
  if (arn !== undefined) return ofArn(arn, [kind]);
  const plain = withoutPrefix(kind, text);
  return forms[kind].plain.test(plain) ? { kind, id: plain } : identifierOfHost(kind, text);
}

function withoutPrefix(kind: IdentifierKind, text: string): string {
  const { prefix } = forms[kind];
  return prefix !== undefined && text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

/** What an endpoint is called by. Whoever is given one need not own it, so that it is taken only where somebody says so. */
export function identifierOfHost(kind: IdentifierKind, text: string): Identifier | undefined {
  const found = forms[kind].host?.exec(text);
  const id = found?.[1] ?? found?.[2];
  return id === undefined ? undefined : { kind, id };
}
