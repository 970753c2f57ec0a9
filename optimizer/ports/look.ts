/** Several questions to AWS that belong together: what more than one of them rests on is asked once, so that all of it is seen at one moment. Each look is an object of its own. */
export interface Look {
  /** When it began, epoch milliseconds. */
  readonly atMs: number;
}
