import type { Lifetime } from "../../constructs/lifetime.ts";
import type { DomainSettings } from "../../constructs/dns/failover-record.ts";
import type { NetworkMode, PeeringMode, StackComponents, StackRole } from "../blueprints/blueprint.ts";
import type { BlueprintName } from "./settings-schema.ts";

/** One stack, ready to be built. */
export interface StackSettings {
  readonly name: string;
  readonly role: StackRole;
  readonly region: string;
  /** Regions of the stacks that it has aliased providers for. */
  readonly peerRegions: readonly string[];
  /** The range of the stack's own VPC, or of the one it has for peering. */
  readonly cidr: string;
  readonly certificateArn?: string;
  /** The region was given up: the stack stays, with nothing in it, so that Terraform removes what was there. */
  readonly absent: boolean;
  readonly components: StackComponents;
  /** The components before any sizing: what alarms are measured by, so that adopting a size changes none. */
  readonly builtFor: StackComponents;
}

/** Where a team keeps the Terraform state. */
export interface StateBucket {
  readonly bucket: string;
  readonly region: string;
  readonly kmsKeyId?: string;
}

/** All stacks of an environment, primary first. */
export interface Settings {
  readonly blueprint: BlueprintName;
  readonly environment: string;
  readonly suffix: string;
  readonly lifetime: Lifetime;
  readonly network: NetworkMode;
  readonly peering: PeeringMode;
  readonly domain?: DomainSettings;
  readonly project: string;
  readonly owner: string;
  readonly costCenter: string;
  readonly alarmEmail?: string;
  readonly state?: StateBucket;
  readonly stacks: readonly StackSettings[];
}
