import type { Deployments } from "../core/model/deployment.ts";
import type { Inventory, Resource } from "../core/levers/resource-kinds.ts";
import { redactTags } from "../core/model/secret-text.ts";
import { sortInventory } from "../core/planning/decide-all.ts";
import type { InventoryReader, RegionInventory } from "../ports/inventory.ts";
import type { Reporter } from "../ports/reporter.ts";
import { regionFailure } from "./region-failure.ts";

/** Describes every region; one that fails is recorded with its reason and left out, the others go on. */
export async function collectInventory(accountId: string, { deployments }: Deployments, reader: InventoryReader, reporter: Reporter): Promise<Inventory> {
  const failedRegions: Record<string, string> = {};
  const described = await Promise.all(
    deployments.map(async (deployment): Promise<RegionInventory> => {
      const { region } = deployment;
      reporter.tell({ kind: "study", part: "inventory", region, detail: "describing resources" });
      try {
        return await reader.describe(deployment);
      } catch (error) {
        failedRegions[region] = regionFailure(error);
        reporter.tell({ kind: "warning", message: `${region} is left out: ${failedRegions[region]}` });
        return { resources: [], undescribed: [] };
      }
    }),
  );
  return sortInventory({
    accountId,
    // Before anything keeps them: plan, journal and report hold no tag that looks like a secret, and a later comparison sees the same.
    resources: described.flatMap(({ resources }) => resources.map(withoutSecretTags)),
    undescribed: described.flatMap(({ undescribed }) => undescribed),
    failedRegions,
  });
}

function withoutSecretTags(resource: Resource): Resource {
  const tags = redactTags(resource.tags);
  if (resource.kind !== "aurora-cluster") return { ...resource, tags };
  return { ...resource, tags, members: resource.members.map((member) => ({ ...member, tags: redactTags(member.tags) })) };
}
