/** Names of the modifications that wait for a maintenance window. AWS answers empty values for the rest. */
export function pendingNames(pending: object = {}): readonly string[] {
  const isEmpty = (value: unknown): boolean => value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
  return Object.entries(pending).flatMap(([name, value]) => (isEmpty(value) ? [] : [name]));
}

/** The same in words; a password's value is shown to nobody. */
export function modificationsOf(pending: object = {}): readonly string[] {
  return pendingNames(pending).map((name) => `a change of ${name}`);
}
