import type { IndexDefinition } from "./resource.ts";

/**
 * One API mutation as a change of state: `before` is what we captured, `after` what shall be. Applying is idempotent by
 * description (AWS gives no idempotency tokens for these calls); the way back is the same kind with both exchanged.
 */
export type Change =
  | {
      /** UpdateTable: cap (or free, −1) the on-demand reads of an index. */
      readonly kind: "dynamodb.index-read-cap";
      readonly region: string;
      readonly table: string;
      readonly index: string;
      readonly before: { readonly maxReadRequestUnits: number };
      readonly after: { readonly maxReadRequestUnits: number };
    }
  | {
      /** UpdateTable: delete (`after` null) or create (`before` null) an index. */
      readonly kind: "dynamodb.index";
      readonly region: string;
      readonly table: string;
      readonly index: string;
      readonly before: IndexDefinition | null;
      readonly after: IndexDefinition | null;
    }
  | {
      /** CreateLaunchTemplateVersion copied from the version the group uses, with another instance type. State: the latest version's type. */
      readonly kind: "ec2.launch-template-version";
      readonly region: string;
      readonly autoScalingGroup: string;
      readonly launchTemplateId: string;
      readonly before: { readonly instanceType: string };
      readonly after: { readonly instanceType: string };
    }
  | {
      /** UpdateAutoScalingGroup to the template's latest version. State: the instance type of the version the group references. */
      readonly kind: "asg.launch-template";
      readonly region: string;
      readonly autoScalingGroup: string;
      readonly launchTemplateId: string;
      readonly before: { readonly instanceType: string };
      readonly after: { readonly instanceType: string };
    }
  | {
      /** StartInstanceRefresh (a running refresh of another aim is cancelled first). State: the type all instances in service have. */
      readonly kind: "asg.instance-refresh";
      readonly region: string;
      readonly autoScalingGroup: string;
      readonly before: { readonly instanceType: string };
      readonly after: { readonly instanceType: string };
    }
  | {
      /** ModifyDBInstance with ApplyImmediately: an outage of that instance. */
      readonly kind: "rds.instance-class";
      readonly region: string;
      readonly cluster: string;
      readonly instance: string;
      readonly before: { readonly instanceClass: string };
      readonly after: { readonly instanceClass: string };
    }
  | {
      /** FailoverDBCluster to a named member. State: the writer's identifier. */
      readonly kind: "rds.failover";
      readonly region: string;
      readonly cluster: string;
      readonly before: { readonly writer: string };
      readonly after: { readonly writer: string };
    };

export type ChangeKind = Change["kind"];
export type ChangeOf<K extends ChangeKind> = Extract<Change, { readonly kind: K }>;

/** What AWS says of the state a change is about. */
export type ChangeState<C extends Change = Change> =
  | { readonly kind: "settled"; readonly value: C["before"] | C["after"] }
  /** On its way (modifying, refreshing, creating): wait. `share` is the part done, 0 to 1, where AWS tells. */
  | { readonly kind: "in-progress"; readonly detail: string; readonly share?: number }
  /** Neither here nor there, yet nothing is on its way: e.g. instances of two types after a cancelled refresh. May be written over. */
  | { readonly kind: "mixed"; readonly detail: string }
  /** The resource is gone. */
  | { readonly kind: "missing"; readonly detail: string };
