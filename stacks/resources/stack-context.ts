import type { Lifetime } from "../../constructs/lifetime.ts";
import type { Names } from "../../constructs/names.ts";
import type { StackSettings } from "../settings/settings-model.ts";

/** What the primary stack owns for all regions: tokens that a secondary stack reads through Terraform's remote state. */
export interface GlobalResources {
  /** The primary's. */
  readonly region: string;
  /** By the table's key in the blueprint. */
  readonly tableArns: Readonly<Record<string, string>>;
  readonly auroraGlobalClusterId?: string;
}

/** What every part of a stack needs to know. */
export interface StackContext {
  readonly names: Names;
  readonly stack: StackSettings;
  readonly lifetime: Lifetime;
  readonly tags: Readonly<Record<string, string>>;
  readonly alarmEmail?: string;
  /** Absent in the primary stack. */
  readonly fromPrimary?: GlobalResources;
}
