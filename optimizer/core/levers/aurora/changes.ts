/** ModifyDBInstance with ApplyImmediately: an outage of that instance. */
export interface InstanceClassChange {
  readonly kind: "rds.instance-class";
  readonly region: string;
  readonly cluster: string;
  readonly instance: string;
  readonly before: { readonly instanceClass: string };
  readonly after: { readonly instanceClass: string };
}

/** FailoverDBCluster to a named member. State: the writer's identifier. */
export interface FailoverChange {
  readonly kind: "rds.failover";
  readonly region: string;
  readonly cluster: string;
  readonly before: { readonly writer: string };
  readonly after: { readonly writer: string };
}
