import type { Blueprint, NetworkMode, PeeringMode, PresetName } from "../blueprints/blueprint.ts";
import type { Problem } from "./problem.ts";
import type { Configuration } from "./settings-schema.ts";

/** What the settings say of things that a blueprint may or may not have. */
export interface BlueprintChoices {
  readonly network: NetworkMode;
  readonly peering: PeeringMode;
  readonly preset?: PresetName;
}

/** A choice that the blueprint does not have is a problem, and not taken: it would be lost without a word. */
export function choicesOf(merged: Configuration, blueprint: Blueprint, environment: string, problems: Problem[]): BlueprintChoices {
  const preset = presetOf(merged, blueprint, environment, problems);
  return {
    network: networkOf(merged, blueprint, problems),
    peering: merged.peering ?? blueprint.peering ?? "none",
    ...(preset === undefined ? {} : { preset }),
  };
}

function networkOf({ network = "managed" }: Configuration, { networks = ["managed"] }: Blueprint, problems: Problem[]): NetworkMode {
  if (networks.includes(network)) return network;
  problems.push({
    path: "network",
    message: `the blueprint does not run in the account's ${network} VPC`,
    hint: "leave it out, or choose the blueprint `web`",
  });
  return "managed";
}

function presetOf({ preset }: Configuration, { presets = [] }: Blueprint, environment: string, problems: Problem[]): PresetName | undefined {
  if (preset === undefined) return undefined;
  if (!presets.includes(preset)) {
    problems.push({
      path: "preset",
      message: `the blueprint has no preset ${preset}`,
      hint: "leave it out, or choose the blueprint `web`",
    });
    return undefined;
  }
  if (environment !== "production")
    problems.push({
      path: "preset",
      message: `${preset} gives sizes of production, and ${environment} has those of staging`,
      hint: "leave it out, or say environment `production`",
    });
  return preset;
}
