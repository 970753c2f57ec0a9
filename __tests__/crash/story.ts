/** What every test starts from, and what it has to come to. */
export interface Story {
  readonly scratch: string;
  /** A name, or a file. */
  readonly scenario: string;
  /** What begins it, and the exit code that it ends with. */
  readonly begin: "run" | "rollback";
  readonly code: number;
  /** A state folder with the deployed account and one plan; where it is taken back, with the run that came to its last change as well. */
  readonly template: string;
  readonly planFile: string;
  /** The state folder of the run that nobody disturbed, and what it printed. */
  readonly undisturbed: string;
  readonly printed: string;
  /** A virtual clock gives every run of the plan the same id. */
  readonly runId: string;
  /** Of the template's journal, and of the undisturbed run's at its end. */
  readonly fromBytes: number;
  readonly journalBytes: number;
}
