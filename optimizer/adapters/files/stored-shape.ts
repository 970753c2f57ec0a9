/** Whether a value read from a state file can stand in its place. */
export type Check = (value: unknown) => boolean;

export const isText: Check = (value) => typeof value === "string";
export const isTextOrNull: Check = (value) => value === null || isText(value);
export const isFlag: Check = (value) => typeof value === "boolean";
export const isNumber: Check = (value) => Number.isFinite(value);
export const isInteger: Check = (value) => Number.isSafeInteger(value);
export const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;

/**
 * Whether a value is an object of this shape; what it has besides is another version's and left alone. By hand: a tick reads a dozen small files
 * of the state in a new process, and the schema of one takes longer to be compiled than all of them to be read.
 */
export function isStored<T extends object>(value: unknown, shape: { readonly [K in keyof T]-?: Check }): value is T {
  if (typeof value !== "object" || value === null) return false;
  const checks: Readonly<Record<string, Check>> = shape;
  return Object.entries(checks).every(([name, check]) => check(Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined));
}
