import { RdsGlobalCluster } from "@cdktf/provider-aws/lib/rds-global-cluster/index.js";
import type { Construct } from "constructs";
import { isProtected, type Lifetime } from "../lifetime.ts";
import type { Names } from "../names.ts";
import { auroraEngine, type AuroraSettings } from "./aurora-settings.ts";

export interface AuroraGlobalDatabaseProps {
  readonly names: Names;
  readonly settings: AuroraSettings;
  readonly lifetime: Lifetime;
}

/**
 * The global database that the primary stack owns; the clusters of all regions join it, and each leaves it by itself before it goes. Without
 * `force_destroy`, which would take out the members that Terraform last saw once more, and fails over those that are gone.
 */
export function auroraGlobalDatabase(scope: Construct, id: string, { names, settings, lifetime }: AuroraGlobalDatabaseProps): RdsGlobalCluster {
  return new RdsGlobalCluster(scope, id, {
    globalClusterIdentifier: names.resource("aurora-global", "database"),
    engine: auroraEngine,
    engineVersion: settings.engineVersion,
    databaseName: settings.databaseName,
    // An encrypted cluster can join an encrypted global database only.
    storageEncrypted: true,
    deletionProtection: isProtected(lifetime),
    // AWS moves a version that it no longer supports by itself, and Terraform would ask for the old one again.
    lifecycle: { ignoreChanges: ["engine_version"] },
  });
}
