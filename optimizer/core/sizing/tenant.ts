import { oncePerValue } from "../model/once.ts";
import type { Policy } from "../model/policy.ts";
import type { Tags } from "../model/resource-ref.ts";

const defaultTags: Policy["tenantTags"] = { also: [], never: [] };

/**
 * Letters of other alphabets and the small capitals that look like one of the letters of "tenant". Compatibility forms, such as
 * fullwidth letters, are folded by NFKC; these are not (https://www.unicode.org/reports/tr39/#Confusable_Detection).
 */
const lookalikes: Readonly<Record<string, string>> = {
  т: "t",
  τ: "t",
  ᴛ: "t",
  ʈ: "t",
  е: "e",
  ε: "e",
  ᴇ: "e",
  ҽ: "e",
  п: "n",
  ո: "n",
  η: "n",
  ɴ: "n",
  а: "a",
  α: "a",
  ᴀ: "a",
  ɑ: "a",
};

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

/** Letters and digits alone, folded: no case, accents, separators or invisible characters, and lookalikes as what they look like. */
const squeezed = oncePerValue((key: string): string => {
  const letters = key
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
  return letters.replaceAll(/\p{L}/gu, (letter) => lookalikes[letter] ?? letter);
}, mostKept);
