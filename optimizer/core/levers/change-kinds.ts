import type { ChangeFacts } from "./change-facts.ts";
import type { Queued } from "./queued-settings.ts";
import { type AutoScalingChange, autoScalingChanges } from "./asg/changes.ts";
import { type AuroraChange, auroraChanges } from "./aurora/changes.ts";
import { type ContainerServiceChange, containerServiceChanges } from "./ecs/changes.ts";
import { type DynamoDbChange, dynamoDbChanges } from "./dynamodb/changes.ts";
import { type LambdaChange, lambdaChanges } from "./lambda/changes.ts";
import { type RdsChange, rdsChanges } from "./rds/changes.ts";
import { type RedisChange, redisChanges } from "./redis/changes.ts";
import { type S3Change, s3Changes } from "./s3/changes.ts";

/**
 * One API mutation as a change of state: `before` is what we captured, `after` what shall be. Applying is idempotent by
 * description (AWS gives no idempotency tokens for these calls); the way back is the same kind with both exchanged.
 */
export type Change = AutoScalingChange | AuroraChange | DynamoDbChange | RdsChange | RedisChange | S3Change | LambdaChange | ContainerServiceChange;

export type ChangeKind = Change["kind"];
export type ChangeOf<K extends ChangeKind> = Extract<Change, { readonly kind: K }>;

/** What is known of each kind of change without asking AWS; how AWS describes and makes it stands in adapters/aws/change-adapters.ts. */
const changeKinds: { readonly [K in ChangeKind]: ChangeFacts<ChangeOf<K>> } = {
  ...autoScalingChanges,
  ...auroraChanges,
  ...dynamoDbChanges,
  ...rdsChanges,
  ...redisChanges,
  ...s3Changes,
  ...lambdaChanges,
  ...containerServiceChanges,
};

export function changeFacts<C extends Change>(change: C): ChangeFacts<C> {
  return changeKinds[change.kind] as unknown as ChangeFacts<C>;
}

/**
 * What stands beside a state and no step sets to a value of its own, such as the number of a template's version: it stays as it was when the
 * change was read back, unless somebody else was there.
 */
export type Marks = Readonly<Record<string, string | number>>;

/** What AWS tells of a capacity that it lacks for what it has accepted, and when it did, in epoch milliseconds. */
export interface Shortage {
  readonly words: string;
  readonly atMs: number;
}

/**
 * What stays of a change though its way back is through: what was copied off the resource while it was in place (a published version), or what the
 * resource takes no more as it has become (a cap).
 */
export interface Leftover {
  readonly words: string;
  /** Whether something is known to be served by it. */
  readonly isServing: boolean;
  /** Shell lines that put something else in its place; none where nobody is known to be served by it. */
  readonly commands: readonly string[];
}

/** What AWS says of the state a change is about. */
export type ChangeState<C extends Change = Change> =
  | {
      readonly kind: "settled";
      readonly value: C["before"] | C["after"];
      readonly marks?: Marks;
      readonly shortage?: Shortage;
      readonly leftovers?: readonly Leftover[];
    }
  /** On its way (modifying, refreshing, creating): wait. `share` is the part done, 0 to 1, where AWS tells. */
  | {
      readonly kind: "in-progress";
      readonly detail: string;
      readonly share?: number;
      readonly shortage?: Shortage;
      /**
       * How it is meanwhile, where AWS has noted something beside it that begins within minutes, or else in its maintenance window, and that the
       * change neither carries out nor ends: after minutes it is no reason to wait for days.
       */
      readonly meanwhile?: Change["before"] | Change["after"];
    }
  /** Neither here nor there, yet nothing is on its way: e.g. instances of two types after a cancelled refresh. May be written over. */
  | {
      readonly kind: "mixed";
      readonly detail: string;
      /** Somebody else's operation is the reason, e.g. a refresh to elsewhere. */
      readonly foreign?: true;
      /** What it rests on was deleted, e.g. the version that a group launches from: it works for nobody until it is brought back. */
      readonly lost?: true;
      /** What waits for the maintenance window and AWS would carry out along with the change: it is not written over unless the policy says so. */
      readonly queued?: Queued;
    }
  /** The resource is gone. */
  | { readonly kind: "missing"; readonly detail: string };

/** The way back: the same change with `before` and `after` exchanged. */
export function inverse<C extends Change>(change: C): C {
  return { ...change, before: change.after, after: change.before };
}
