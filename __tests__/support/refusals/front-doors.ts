import type { Change } from "../../../optimizer/core/levers/change-kinds.ts";
import { names } from "../terraform-fixture.ts";
import { sized, toSmall } from "./auto-scaling.ts";
import { bounds, configuration, definition } from "./containers-and-functions.ts";
import { cap } from "./dynamodb.ts";
import { nodeType } from "./elasticache.ts";
import { classOf } from "./rds-instances.ts";
import type { Met, Opened, Refusal } from "./refusal.ts";
import { lifecycle, rule } from "./s3.ts";

const docs = "https://docs.aws.amazon.com";

interface Door {
  readonly call: string;
  readonly change: Change | ((opened: Opened) => Promise<Change>);
  readonly source: string;
  /** What the front of the service answers: names and statuses differ by protocol. */
  readonly throttled: readonly [string, number];
  readonly denied: readonly [string, number];
  readonly expired: readonly [string, number];
}

const query = { throttled: ["Throttling", 400], denied: ["AccessDenied", 403], expired: ["ExpiredToken", 403] } as const;
const json = { throttled: ["ThrottlingException", 400], denied: ["AccessDeniedException", 403], expired: ["ExpiredTokenException", 403] } as const;

/** One action of each service that a change writes to. */
const doors: readonly Door[] = [
  {
    call: "UpdateAutoScalingGroup",
    change: sized({ minSize: 4, desiredCapacity: 6, maxSize: 12 }),
    source: `${docs}/autoscaling/ec2/APIReference/CommonErrors.html`,
    ...query,
  },
  {
    call: "CreateLaunchTemplateVersion",
    change: toSmall,
    source: `${docs}/AWSEC2/latest/APIReference/errors-overview.html`,
    throttled: ["RequestLimitExceeded", 400],
    denied: ["UnauthorizedOperation", 403],
    expired: ["RequestExpired", 400],
  },
  {
    call: "ModifyDBInstance",
    change: classOf(names.instance(3), "db.r6g.xlarge"),
    source: `${docs}/AmazonRDS/latest/APIReference/CommonErrors.html`,
    ...query,
  },
  {
    call: "ModifyReplicationGroup",
    change: nodeType("cache.r6g.2xlarge"),
    source: `${docs}/AmazonElastiCache/latest/APIReference/CommonErrors.html`,
    ...query,
  },
  { call: "UpdateTable", change: cap(10, names.table, "by-plan"), source: `${docs}/amazondynamodb/latest/APIReference/CommonErrors.html`, ...json },
  { call: "RegisterScalableTarget", change: bounds(3, 24), source: `${docs}/autoscaling/application/APIReference/CommonErrors.html`, ...json },
  { call: "RegisterTaskDefinition", change: definition(512, 1024), source: `${docs}/AmazonECS/latest/APIReference/CommonErrors.html`, ...json },
  {
    call: "UpdateFunctionConfiguration",
    change: configuration({ memoryMb: 1024 }),
    source: `${docs}/lambda/latest/api/CommonErrors.html`,
    ...json,
    throttled: ["TooManyRequestsException", 429],
  },
  {
    call: "PutBucketLifecycleConfiguration",
    change: lifecycle([rule()]),
    source: `${docs}/AmazonS3/latest/API/ErrorResponses.html`,
    throttled: ["SlowDown", 503],
    denied: ["AccessDenied", 403],
    expired: ["ExpiredToken", 400],
  },
];

const kinds = [
  { is: "throttled", fault: "throttling", when: "too many requests", met: "throttled" },
  { is: "denied", fault: "access-denied", when: "no permission", met: "denied" },
  { is: "expired", fault: "expired-token", when: "credentials that have expired", met: "credentials" },
] as const satisfies readonly { readonly is: "throttled" | "denied" | "expired"; readonly fault: string; readonly when: string; readonly met: Met }[];

export const frontDoorRefusals: readonly Refusal[] = doors.flatMap((door) =>
  kinds.map(({ is, fault, when, met }): Refusal => {
    const [error, status] = door[is];
    return {
      call: door.call,
      error,
      status,
      when,
      source: door.source,
      scenario: { faults: [{ kind: fault, from: 0, until: 48, commands: [door.call] }] },
      asked: { change: door.change },
      met,
    };
  }),
);
