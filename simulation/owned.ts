/** What every modelled resource has. */
export interface Owned {
  /** Terraform address, `<stack>/<type>.<name>`. */
  readonly address: string;
  readonly region: string;
  readonly arn: string;
  /** The stack's tags and the scenario's over them. */
  readonly tags: Readonly<Record<string, string>>;
}
