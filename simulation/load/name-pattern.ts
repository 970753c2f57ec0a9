const anySuffix = "{suffix}";

/** Whether a deployed name fits a scenario's name, where `{suffix}` stands for any environment suffix. */
export function fitsPattern(pattern: string, deployedName: string): boolean {
  const at = pattern.indexOf(anySuffix);
  if (at < 0) return pattern === deployedName;
  const before = pattern.slice(0, at);
  const after = pattern.slice(at + anySuffix.length);
  return deployedName.length > before.length + after.length && deployedName.startsWith(before) && deployedName.endsWith(after);
}

/** The member of a record whose key fits; the exact name wins over a pattern. */
export function byPattern<T>(record: Readonly<Record<string, T>>, deployedName: string): T | undefined {
  if (Object.hasOwn(record, deployedName)) return record[deployedName];
  return Object.entries(record).find(([pattern]) => fitsPattern(pattern, deployedName))?.[1];
}
