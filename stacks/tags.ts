import type { Settings, StackSettings } from "./settings/settings-model.ts";

/** The tags that everything of a stack carries: by the provider's default tags, and by hand where those do not reach. */
export function stackTags(settings: Settings, stack: StackSettings): Readonly<Record<string, string>> {
  return {
    Environment: settings.environment,
    Project: settings.project,
    Owner: settings.owner,
    CostCenter: settings.costCenter,
    Stack: `TapStack-${settings.environment}-${stack.region}`,
    ManagedBy: "cdktf",
  };
}

/**
 * Tags that mark a tenant's own resource are put by whoever provisions the tenant, never by these stacks. Terraform must leave them
 * alone: removing one would take the resource's protection from the optimizer away.
 */
export const tenantTagKeys = ["TenantId", "tenantId", "tenantid", "tenant-id", "tenant_id", "Tenant", "tenant"] as const;
