import { type AliasConfiguration, type LambdaClient, paginateListAliases, paginateListVersionsByFunction } from "@aws-sdk/client-lambda";
import type { Leftover } from "../../../core/levers/change-kinds.ts";
import { type FunctionSize, renewedAlias } from "../../../core/levers/lambda/changes.ts";

interface Published {
  readonly region: string;
  readonly functionName: string;
  readonly size: FunctionSize;
}

/**
 * Versions that somebody published while the function had this size, as pipelines do: a version keeps it for good
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html). A function that has any when it is planned is left alone.
 */
export async function publishedWith(client: LambdaClient, { region, functionName, size }: Published): Promise<readonly Leftover[]> {
  const versions: string[] = [];
  for await (const page of paginateListVersionsByFunction({ client }, { FunctionName: functionName })) {
    for (const { Version: version, MemorySize: memory, Timeout: timeout } of page.Versions ?? [])
      if (version !== undefined && version !== "$LATEST" && memory === size.memoryMb && timeout === size.timeoutSeconds) versions.push(version);
  }
  if (versions.length === 0) return [];
  const aliases: AliasConfiguration[] = [];
  for await (const page of paginateListAliases({ client }, { FunctionName: functionName })) aliases.push(...(page.Aliases ?? []));
  return versions.flatMap((version): readonly Leftover[] => {
    const what = `version ${version} of ${functionName} was published with ${size.memoryMb} MB and a time-out of ${size.timeoutSeconds} s, and keeps them`;
    const names = aliases.flatMap((alias) => (servedBy(alias).includes(version) && alias.Name !== undefined ? [alias.Name] : []));
    if (names.length === 0) return [{ words: what, isServing: false, commands: [] }];
    return names.map((name) => ({ words: `${what}: alias ${name} serves it`, isServing: true, commands: [renewedAlias(region, functionName, name)] }));
  });
}

/** An alias may share its calls out among two versions. */
function servedBy({ FunctionVersion: version, RoutingConfig: routing }: AliasConfiguration): readonly string[] {
  return [...(version === undefined ? [] : [version]), ...Object.keys(routing?.AdditionalVersionWeights ?? {})];
}
