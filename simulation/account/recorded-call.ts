/** A call that changed the account, as it was answered: what CloudTrail tells of. */
export interface RecordedCall {
  readonly atMs: number;
  readonly region: string;
  /** The name of the service in the account. */
  readonly service: string;
  readonly command: string;
  readonly input: object;
  readonly output: object;
}
