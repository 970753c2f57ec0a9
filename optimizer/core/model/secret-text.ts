import { oncePerValue } from "./once.ts";
import type { Tags } from "./resource-ref.ts";

export const redacted = "[redacted]";

/**
 * Texts that are secrets by their form: keys and tokens that name their kind, passwords in URLs, and assignments to names that mean a secret.
 * First what each of them contains, whatever its letters' case: a plan of a large account holds some hundred thousand texts, and hardly any of
 * them needs a closer look.
 */
const patterns: readonly (readonly [part: RegExp, whole: RegExp, shown: string])[] = [
  [/AKIA|ASIA/, /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, redacted],
  // GitHub, GitLab, Slack, Stripe, npm, Google.
  [
    /gh[opsur]_|github_pat_|glpat-|xox|[rs]k_(?:live|test)_|npm_|AIza/,
    /\b(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|[rs]k_(?:live|test)_\w{10,}|npm_[A-Za-z0-9]{30,}|AIza[\w-]{30,})/g,
    redacted,
  ],
  // A JSON web token.
  [/eyJ/, /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, redacted],
  [/-----BEGIN/, /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, redacted],
  [/:\/\//, /(:\/\/[^\s/:@]+:)[^\s/@]+(@)/g, `$1${redacted}$2`],
  [
    /secret|password|token/,
    /((?:aws_secret_access_key|aws_session_token|password|secret_?access_?key|auth_?token|session_?token)"?\s*[=:]\s*"?)[^\s",;&}]+/gi,
    `$1${redacted}`,
  ],
];
const anyPart = new RegExp(patterns.map(([part]) => part.source).join("|"), "i");
/** Members that hold a secret whatever its form. A journal's own `token` is a client token, and no secret. */
const secretNames = /^(?:.*password|secret_?access_?key|secret_?string|auth_?token|session_?token|private_?key)$/i;
/** A large plan has hundreds of thousands of members, but only some hundred different names. */
const mostNames = 1000;
const isSecretName = oncePerValue((name: string) => secretNames.test(name), mostNames);
/** In a tag's key, letters alone: people keep there what belongs into a secret store. */
const secretTag = /passw(?:or)?d|passphrase|secret|token|apikey|accesskey|privatekey|credential|connectionstring/;
/** What only names where a secret is kept. */
const pointsToSecret = /^arn:[\w-]+:(?:secretsmanager|ssm|kms):|^(?:true|false|yes|no|enabled|disabled|none|\d{1,4}|)$/i;

/** A text without what looks like a secret. */
export function redactText(text: string): string {
  if (!anyPart.test(text)) return text;
  return patterns.reduce((current, [, whole, shown]) => current.replace(whole, shown), text);
}

/** Plain data without secrets; everything else stays as it is, and parts without any are not copied. */
export function redact<T>(value: T): T {
  return redactUnknown(value) as T;
}

/** Tags without values that look like secrets. Keys stay: they decide whose a resource is. */
export function redactTags(tags: Tags): Tags {
  if (tags.kind === "unreadable") return tags;
  return {
    kind: "tags",
    tags: Object.fromEntries(Object.entries(tags.tags).map(([key, value]) => [key, isSecretTag(key, value) ? redacted : redactText(value)])),
  };
}

function isSecretTag(key: string, value: string): boolean {
  return secretTag.test(key.toLowerCase().replaceAll(/[^a-z]/g, "")) && !pointsToSecret.test(value);
}

function redactUnknown(value: unknown): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value !== "object" || value === null) return value;
  const members = value as Readonly<Record<string, unknown>>;
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(members)) {
    const shown = !Array.isArray(value) && isSecretName(name) ? redacted : redactUnknown(members[name]);
    // A figure that is not known is NaN, which is not equal to itself: by `===` whatever holds one was copied.
    if (Object.is(shown, members[name])) continue;
    copy ??= (Array.isArray(value) ? [...(value as readonly unknown[])] : { ...members }) as Record<string, unknown>;
    copy[name] = shown;
  }
  return copy ?? value;
}
