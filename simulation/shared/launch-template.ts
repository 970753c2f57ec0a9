import type { ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import { regionalStore, type Owned } from "../account/state.ts";

export interface LaunchTemplateVersion {
  readonly number: number;
  readonly createdMs: number;
  readonly description?: string;
  readonly data: ResponseLaunchTemplateData;
  /** The request that made it, for retries with the same client token. */
  readonly token?: { readonly value: string; readonly request: string };
}

export interface LaunchTemplate extends Owned {
  readonly id: string;
  readonly name: string;
  /** Oldest first; number n stands at n − 1. Only ever grows. */
  readonly versions: LaunchTemplateVersion[];
  readonly defaultVersion: number;
}

/** Filled by EC2; Auto Scaling starts instances from them. */
export const launchTemplates = regionalStore<LaunchTemplate>();

/** The versions that existed at a moment. */
export function versionsAt(template: LaunchTemplate, atMs: number): readonly LaunchTemplateVersion[] {
  return template.versions.filter((version) => version.createdMs <= atMs);
}

/** The version `$Latest`, `$Default` or a number stands for at a moment; `undefined` when there is none. */
export function resolveVersion(template: LaunchTemplate, version: string, atMs: number): LaunchTemplateVersion | undefined {
  const existing = versionsAt(template, atMs);
  if (version === "$Latest") return existing.at(-1);
  const number = version === "$Default" ? template.defaultVersion : Number(version);
  return existing.find((candidate) => candidate.number === number);
}
