import { canonicalJson } from "../../../contract/canonical-json.ts";
import { refKey } from "../model/resource-ref.ts";
import { type Inventory, type Resource } from "../levers/resource-kinds.ts";

/** What differs between the inventory a plan was made from and the one of now, in words; only what a rule or a roll-back rests on. */
export function inventoryDifferences(planned: Inventory, found: Inventory): readonly string[] {
  const before = byKey(planned);
  const after = byKey(found);
  const changed = [...before].flatMap(([key, resource]) => {
    const now = after.get(key);
    return now === undefined ? [`${key} is gone`] : differencesOf(key, essentials(resource), essentials(now));
  });
  const added = [...after.keys()].filter((key) => !before.has(key)).map((key) => `${key} is new`);
  return [...changed, ...added];
}

function byKey({ resources }: Inventory): ReadonlyMap<string, Resource> {
  return new Map(resources.map((resource) => [refKey(resource.ref), resource]));
}

type Essentials = Readonly<Record<string, unknown>>;

function differencesOf(key: string, before: Essentials, after: Essentials): readonly string[] {
  return Object.keys(before)
    .filter((name) => canonicalJson(before[name]) !== canonicalJson(after[name]))
    .map((name) => `${key}: ${name} was ${canonicalJson(before[name])}, is ${canonicalJson(after[name])}`);
}

/** Counts, sizes and statuses move by themselves; these do not. */
function essentials(resource: Resource): Essentials {
  const { tags } = resource;
  switch (resource.kind) {
    case "load-balancer":
      return { tags, targetGroups: resource.targetGroups };
    case "auto-scaling-group":
      return {
        tags,
        instanceType: resource.instanceType,
        launchTemplate: resource.launchTemplateId,
        launchTemplateVersion: resource.launchTemplateVersion,
        runningInstanceTypes: resource.runningInstanceTypes,
        runningTemplateVersions: resource.runningTemplateVersions,
      };
    case "dynamodb-table":
      return {
        tags,
        billingMode: resource.billingMode,
        indexes: resource.indexes.map(({ definition }) => definition),
        replicaRegions: resource.replicaRegions,
      };
    case "aurora-cluster":
      return {
        tags,
        engine: resource.engine,
        globalRole: resource.globalRole,
        members: resource.members.map(({ identifier, role, instanceClass, tags: own }) => ({ identifier, role, instanceClass, tags: own })),
      };
    case "redis-replication-group":
      return { tags, nodeType: resource.nodeType, nodeGroups: resource.nodeGroups };
    default:
      return resource satisfies never;
  }
}
