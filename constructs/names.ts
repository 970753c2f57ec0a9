import { bucketName, globalResourceName, resourceName } from "../contract/resource-names.ts";
import { UserError } from "../contract/user-error.ts";

/** Longest names AWS takes, in characters, where they bind before anything else does. */
const longest = {
  /** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
  "load-balancer": 32,
  /** https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html */
  "replication-group": 40,
  /** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html */
  database: 63,
  /** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
  role: 64,
  /** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
  function: 64,
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
  bucket: 63,
  other: 128,
} as const;

export type NamedKind = keyof typeof longest;

/** Stands for the account id, a token at synthesis, when a name's length is measured. */
const accountIdLength = 12;

/** Where a stack lives, and the names its resources have there; every name is measured against AWS's limit at synthesis. */
export interface Names {
  readonly suffix: string;
  readonly region: string;
  /** A token: the account is known at deployment only. */
  readonly accountId: string;
  /** `tap-{suffix}-{resource}`. */
  resource(resource: string, kind?: NamedKind): string;
  /** `tap-{suffix}-{resource}-{region}`. */
  role(resource: string): string;
  /** `tap-{suffix}-{resource}-{accountId}-{region}`. */
  bucket(resource: string): string;
}

export interface NamesProps {
  readonly suffix: string;
  readonly region: string;
  readonly accountId: string;
}

export function createNames({ suffix, region, accountId }: NamesProps): Names {
  return {
    suffix,
    region,
    accountId,
    resource: (resource, kind = "other") => measured(resourceName(suffix, resource), kind),
    role: (resource) => measured(globalResourceName(suffix, resource, region), "role"),
    bucket: (resource) => {
      measured(bucketName(suffix, resource, "0".repeat(accountIdLength), region), "bucket");
      return bucketName(suffix, resource, accountId, region);
    },
  };
}

function measured(name: string, kind: NamedKind): string {
  if (name.length <= longest[kind]) return name;
  throw new UserError({
    code: "name-too-long",
    message: `the ${kind} name ${name} has ${name.length} characters, AWS takes ${longest[kind]}`,
    hint: "choose a shorter suffix",
  });
}
