const redacted = "[redacted]";

/** Texts that are secrets by their form: AWS keys, passwords in URLs, and assignments to names that mean a secret. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, redacted],
  [/(:\/\/[^\s/:@]+:)[^\s/@]+(@)/g, `$1${redacted}$2`],
  [/((?:aws_secret_access_key|aws_session_token|password|secret_?access_?key|auth_?token|session_?token)"?\s*[=:]\s*"?)[^\s",;&}]+/gi, `$1${redacted}`],
];
/** Members that hold a secret whatever its form. A journal's own `token` is a client token, and no secret. */
const secretName = /^(?:.*password|secret_?access_?key|secret_?string|auth_?token|session_?token|private_?key)$/i;

/** A text without what looks like a secret. */
export function redactText(text: string): string {
  return patterns.reduce((current, [pattern, replacement]) => current.replace(pattern, replacement), text);
}

/** A copy of plain data without secrets; everything else stays as it is. */
export function redact<T>(value: T): T {
  return redactUnknown(value) as T;
}

function redactUnknown(value: unknown): unknown {
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) return value.map((member: unknown) => redactUnknown(member));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]: [string, unknown]) => [key, secretName.test(key) ? redacted : redactUnknown(member)]));
}
