import type { DomainSettings } from "../../constructs/dns/failover-record.ts";
import type { SecretReplica } from "../../constructs/encryption/generated-secret.ts";
import type { Lifetime } from "../../constructs/lifetime.ts";
import type { PeeredNetwork } from "../../constructs/network/firewall.ts";
import type { PeeringSide } from "../../constructs/network/network-places.ts";
import type { PeerRegion } from "../../constructs/peer-region.ts";
import type { Names } from "../../constructs/names.ts";
import type { NetworkMode, PeeringMode } from "../blueprints/blueprint.ts";
import type { StackSettings } from "../settings/settings-model.ts";

/** What the primary stack owns for all regions: tokens that a secondary stack reads through Terraform's remote state. */
export interface GlobalResources {
  /** The primary's. */
  readonly region: string;
  /** By the table's key in the blueprint. */
  readonly tableArns: Readonly<Record<string, string>>;
  readonly aurora?: { readonly globalClusterId: string; readonly secret: ReplicatedSecret };
  readonly mysql?: { readonly arn: string; readonly secret: ReplicatedSecret };
  readonly peeringSide?: PeeringSide;
}

/** A secret of the primary, of which each other region has a copy under the same name. */
export interface ReplicatedSecret {
  readonly name: string;
  readonly replicas: readonly SecretReplica[];
}

/** What one must be allowed to use in order to read a secret in this region. */
export interface SecretAccess {
  /** May be a pattern. */
  readonly secretArn: string;
  readonly keyArn: string;
}

/** What every part of a stack needs to know. */
export interface StackContext {
  readonly names: Names;
  readonly stack: StackSettings;
  readonly lifetime: Lifetime;
  readonly tags: Readonly<Record<string, string>>;
  readonly alarmEmail?: string;
  readonly networkMode: NetworkMode;
  readonly peering: PeeringMode;
  /** Networks of other stacks that this one's reach and are reached by. */
  readonly peeredNetworks: readonly PeeredNetwork[];
  readonly domain?: DomainSettings;
  /** Regions of the stacks that this one has providers for, without those that were given up. */
  readonly peers: readonly PeerRegion[];
  /** Absent in the primary stack. */
  readonly fromPrimary?: GlobalResources;
}
