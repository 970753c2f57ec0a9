const frozenThrough = new WeakSet<object>();

/** Nothing of the value can be changed from now on, by whomever it is handed to: what was made of it once holds. */
export function freezeThrough<T>(value: T): T {
  if (typeof value !== "object" || value === null || frozenThrough.has(value)) return value;
  frozenThrough.add(Object.freeze(value));
  for (const member of Object.values(value)) freezeThrough(member);
  return value;
}

/** Whether `freezeThrough` has seen to it that nothing of the value can be changed. */
export function isFrozenThrough(value: unknown): boolean {
  return typeof value !== "object" || value === null || frozenThrough.has(value);
}
