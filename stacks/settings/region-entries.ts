import type { Problem } from "./problem.ts";
import type { Configuration } from "./settings-schema.ts";

/** A configuration and where it was read. */
export interface SourceContent {
  readonly source: string;
  readonly configuration: Configuration;
}

/** Entries by region that no stack reads, and certificates that leave open which one a stack reads: both would be lost without a word. */
export function regionEntryProblems(sources: readonly SourceContent[], regions: readonly string[]): readonly Problem[] {
  return [
    ...entriesWithoutStack("cidr", sources, regions),
    ...entriesWithoutStack("zones", sources, regions),
    ...entriesWithoutStack("ami", sources, regions),
    ...certificateProblems(sources, regions),
  ];
}

function entriesWithoutStack(field: "cidr" | "zones" | "ami", sources: readonly SourceContent[], regions: readonly string[]): readonly Problem[] {
  return winning(field, sources).flatMap(({ source, value }) =>
    (typeof value === "string" ? [] : Object.keys(value))
      .filter((region) => !regions.includes(region))
      .map((region) => ({ path: `${source}: ${field}.${region}`, ...noStackIn(region, regions) })),
  );
}

function certificateProblems(sources: readonly SourceContent[], regions: readonly string[]): readonly Problem[] {
  return winning("certificateArn", sources).flatMap(({ source, value }) => {
    const path = `${source}: certificateArn`;
    const named = value.map(certificateRegion);
    const twice = named.filter((region, index) => named.indexOf(region) < index);
    return [
      ...named.filter((region) => !regions.includes(region)).map((region) => ({ path, ...noStackIn(region, regions) })),
      ...[...new Set(twice)].map((region) => ({
        path,
        message: `${region} has more than one certificate`,
        hint: "name one a region; it may hold several domains",
      })),
    ];
  });
}

/** `arn:aws:acm:{region}:…` */
export function certificateRegion(arn: string): string {
  return arn.split(":").slice(3, 4).join("");
}

function noStackIn(region: string, regions: readonly string[]): Pick<Problem, "message" | "hint"> {
  return { message: `no stack is in ${region}`, hint: `remove it, or add the region; regions: ${regions.join(", ")}` };
}

/** The source whose field holds, later ones before earlier ones; none when nobody says it. */
function winning<Field extends "cidr" | "zones" | "ami" | "certificateArn">(
  field: Field,
  sources: readonly SourceContent[],
): readonly { readonly source: string; readonly value: NonNullable<Configuration[Field]> }[] {
  return sources
    .flatMap(({ source, configuration }) => {
      const value = configuration[field];
      return value === undefined ? [] : [{ source, value }];
    })
    .slice(-1);
}
