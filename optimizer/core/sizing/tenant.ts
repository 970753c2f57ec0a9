import { oncePerValue } from "../model/once.ts";
import type { Policy } from "../model/policy.ts";
import type { Tags } from "../model/resource-ref.ts";

const defaultTags: Policy["tenantTags"] = { also: [], never: [] };

/**
 * Letters of other alphabets, small capitals, letters with strokes and hooks, and digits that look like one of the letters of "tenant", each
 * in lower case: of a capital, such as Greek Ν, Cherokee Ꭲ and Coptic Ⲧ, what JavaScript lowers it to. Compatibility forms, such as fullwidth
 * letters, are folded by NFKD; these are not (https://www.unicode.org/reports/tr39/#Confusable_Detection). Cyrillic н is how "tenant" is
 * written there.
 */
const alike = {
  t: "тτᴛʈŧƭⲧꭲꓔ7",
  e: "еεєᴇҽɛəǝɇⲉꭼꓰⴹ3",
  n: "пнոռηνɴŋƞɲɳⲛꓠ",
  a: "аαᴀɑⱥⲁꭺꓮᗅ4@",
};
const lookalikes: ReadonlyMap<string, string> = new Map(
  Object.entries(alike).flatMap(([letter, others]) => Array.from(others, (other) => [other, letter] as const)),
);

/**
 * Why a resource counts as a tenant's own and is never changed (promise 1), or undefined when it does not. `tags` are those of the
 * resource and of its parent and members. A tag marks by its key: one whose letters, whatever their case and whatever stands between
 * them, contain `tenant` (TenantName, customer-tenant-id, `tenant=id`). The policy adds words (`also`) and excepts keys (`never`).
 * An empty value marks a tenant too, and so do tags that could not be read.
 */
export function tenantReason(tags: readonly Tags[], policy: Policy["tenantTags"] | undefined): string | undefined {
  const mark = tenantMark(tags, policy);
  if (mark === undefined) return undefined;
  return mark.kind === "unreadable"
    ? `tags could not be read (${mark.reason}), so it counts as a tenant's`
    : `tag ${JSON.stringify(mark.key)} marks it as a tenant's own`;
}

/** The same beside a name: `a tenant's (tag "TenantName")`. */
export function tenantAside(tags: Tags, policy: Policy["tenantTags"] | undefined): string | undefined {
  const mark = tenantMark([tags], policy);
  if (mark === undefined) return undefined;
  return mark.kind === "unreadable" ? `maybe a tenant's (its tags could not be read: ${mark.reason})` : `a tenant's (tag ${JSON.stringify(mark.key)})`;
}

type TenantMark = { readonly kind: "tag"; readonly key: string } | { readonly kind: "unreadable"; readonly reason: string };

function tenantMark(tags: readonly Tags[], policy: Policy["tenantTags"] | undefined): TenantMark | undefined {
  // Plans of older releases say nothing of tenants' tags.
  const { also, never } = policy ?? defaultTags;
  const words = ["tenant", ...also.map(squeezed)];
  const excepted = new Set(never.map(squeezed));
  for (const read of tags) {
    if (read.kind === "unreadable") return read;
    const marker = Object.keys(read.tags).find((key) => !excepted.has(squeezed(key)) && words.some((word) => squeezed(key).includes(word)));
    if (marker !== undefined) return { kind: "tag", key: marker };
  }
  return undefined;
}

/** Keys come again with every resource and at every look. So many are kept: more are no ordinary account's. */
const mostKept = 10_000;

/**
 * Letters and digits alone, folded: no case, accents, separators, or characters and modifiers that are letters to Unicode but not to a reader
 * (Hangul's filler, Arabic's tatweel), and lookalikes as what they look like.
 */
const squeezed = oncePerValue(
  (key: string): string =>
    key
      .normalize("NFKD")
      .toLowerCase()
      .replaceAll(/\p{DI}|\p{Lm}/gu, "")
      .replaceAll(/[\p{L}\p{N}@]/gu, (letter) => lookalikes.get(letter) ?? letter)
      .replaceAll(/[^\p{L}\p{N}]/gu, ""),
  mostKept,
);
