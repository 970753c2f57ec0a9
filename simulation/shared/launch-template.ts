import type { ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import { regionalStore, type Owned } from "../account/state.ts";

export interface LaunchTemplateVersion {
  readonly number: number;
  readonly createdMs: number;
  readonly description?: string;
  readonly data: ResponseLaunchTemplateData;
  /** The request that made it, for retries with the same client token. */
  readonly token?: { readonly value: string; readonly request: string };
  /** Its number is never given again. */
  deletedMs?: number;
}

export interface LaunchTemplate extends Owned {
  readonly id: string;
  readonly name: string;
  /** Oldest first; number n stands at n − 1. Only ever grows. */
  readonly versions: LaunchTemplateVersion[];
  readonly defaultVersion: number;
  /** From then on nothing of it is there; groups go on naming it, and can launch nothing. */
  deletedMs?: number;
}

/** Filled by EC2; Auto Scaling starts instances from them. */
export const launchTemplates = regionalStore<LaunchTemplate>();

export function isDeleted({ deletedMs = Number.POSITIVE_INFINITY }: LaunchTemplate, atMs: number): boolean {
  return atMs >= deletedMs;
}

/** The versions that existed at a moment. */
export function versionsAt(template: LaunchTemplate, atMs: number): readonly LaunchTemplateVersion[] {
  if (isDeleted(template, atMs)) return [];
  return template.versions.filter(({ createdMs, deletedMs = Number.POSITIVE_INFINITY }) => createdMs <= atMs && atMs < deletedMs);
}

/** The number that `$Latest` stands for at a moment. The default version is never deleted by itself, so that there is one. */
export function latestNumberAt(template: LaunchTemplate, atMs: number): number {
  return versionsAt(template, atMs).at(-1)?.number ?? template.defaultVersion;
}

/** The version `$Latest`, `$Default` or a number stands for at a moment; `undefined` when there is none. */
export function resolveVersion(template: LaunchTemplate, version: string, atMs: number): LaunchTemplateVersion | undefined {
  const existing = versionsAt(template, atMs);
  if (version === "$Latest") return existing.at(-1);
  const number = version === "$Default" ? template.defaultVersion : Number(version);
  return existing.find((candidate) => candidate.number === number);
}
