/** What every test starts from, and what it has to come to. */
export interface Story {
  readonly scratch: string;
  /** A state folder with the deployed account and one plan. */
  readonly template: string;
  readonly planFile: string;
  /** The state folder of the run that nobody disturbed, and what it printed. */
  readonly undisturbed: string;
  readonly printed: string;
  /** A virtual clock gives every run of the plan the same id. */
  readonly runId: string;
  readonly journalBytes: number;
}
