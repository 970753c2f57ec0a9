/** The one mutating call of a change, with everything read that it needs. Only calling it changes AWS. */
export type PreparedUpdate = () => Promise<void>;
