import type { Tags } from "../model/resource-ref.ts";

/** `tenant` or `tenant id`, whatever stands between and after: TenantId, tenant-id, TENANT_ID, tenant:x, x:tenant. */
const tenantTag = /^tenant(id)?$/;

/**
 * Why a resource counts as a tenant's own and is never changed (promise 1), or undefined when it does not. `tags` are those of the
 * resource and of its parent and members. An empty value marks a tenant too, and so do tags that could not be read.
 */
export function tenantReason(tags: readonly Tags[]): string | undefined {
  for (const read of tags) {
    if (read.kind === "unreadable") return `tags could not be read (${read.reason}), so it counts as a tenant's`;
    const marker = Object.keys(read.tags).find(marksTenant);
    if (marker !== undefined) return `tag ${JSON.stringify(marker)} marks it as a tenant's own`;
  }
  return undefined;
}

function marksTenant(name: string): boolean {
  const words = name.split(/[:/.]/).map((word) => word.toLowerCase().replaceAll(/[-_\s]/g, ""));
  return words.some((word) => tenantTag.test(word));
}
