import type { Deployment } from "../core/model/deployment.ts";
import type { ChangedResource } from "../core/levers/change-facts.ts";
import type { Resource, UndescribedResource } from "../core/levers/resource-kinds.ts";
import type { ResourceRef, Tags } from "../core/model/resource-ref.ts";
import type { Look } from "./look.ts";

export interface RegionInventory {
  readonly resources: readonly Resource[];
  readonly undescribed: readonly UndescribedResource[];
}

export interface InventoryReader {
  describe(deployment: Deployment): Promise<RegionInventory>;
}

/** What an AWS service says happened to a resource, a member or a node of it, in its own words. */
export interface ServiceEvent {
  readonly atMs: number;
  readonly source: string;
  readonly message: string;
}

/** Resources of the plan as AWS tells of them now. */
export interface ResourceReader {
  /** One of them as AWS describes it, or why it is not described. */
  describe(ref: ResourceRef): Promise<Resource | UndescribedResource>;
  /** What happened to those of a region since a moment, the oldest first. */
  eventsOf(region: string, resources: readonly Resource[], sinceMs: number): Promise<readonly ServiceEvent[]>;
}

/** Tags as they are now, read just before a write: the resource's own and those of its parent or members. */
export interface TagReader {
  /** Of all of them, as part of the look that is named, else in one of its own. */
  tagsOf(refs: readonly ResourceRef[], look?: Look): Promise<readonly Tags[]>;
}

/** What AWS gave resources, or parts of them, when they were made (`Described.born`, `Described.partsBorn`), as it is now. */
export interface BirthReader {
  /** Of each, in their order; undefined where AWS tells nothing of the kind, or the resource is gone. As part of the look that is named, else in one of its own. */
  bornOf(refs: readonly ChangedResource[], look?: Look): Promise<readonly (string | undefined)[]>;
}

export interface Identity {
  readonly accountId: string;
  readonly arn: string;
}

export interface IdentityReader {
  whoAmI(region: string): Promise<Identity>;
}

export interface CredentialsReader {
  /** When the credentials end, epoch milliseconds; null for keys that do not expire by themselves. */
  expireAtMs(region: string): Promise<number | null>;
}
