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
  const codes = new Map<string, string | undefined>();
  for await (const page of paginateListVersionsByFunction({ client }, { FunctionName: functionName })) {
    for (const { Version: version, MemorySize: memory, Timeout: timeout, CodeSha256: code } of page.Versions ?? [])
      if (version !== undefined && version !== "$LATEST" && memory === size.memoryMb && timeout === size.timeoutSeconds) codes.set(version, code);
  }
  if (codes.size === 0) return [];
  const aliases: AliasConfiguration[] = [];
  for await (const page of paginateListAliases({ client }, { FunctionName: functionName })) aliases.push(...(page.Aliases ?? []));
  return [...codes.keys()].flatMap((version): readonly Leftover[] => {
    const what = `version ${version} of ${functionName} was published with ${size.memoryMb} MB and a time-out of ${size.timeoutSeconds} s, and keeps them`;
    const serving = aliases.filter((alias) => servedBy(alias).includes(version));
    if (serving.length === 0) return [{ words: `${what}: whoever calls it by its number is served by that`, isServing: false, commands: [] }];
    return serving.flatMap((alias) => {
      const { Name: name } = alias;
      if (name === undefined) return [];
      return [
        { words: `${what}: alias ${name} serves it`, isServing: true, commands: [renewedAlias({ region, functionName, name, ...renewalOf(alias, codes) })] },
      ];
    });
  });
}

/** What of an alias is to be led elsewhere. */
function renewalOf(
  { RevisionId: revisionId, FunctionVersion: first = "", RoutingConfig: routing }: AliasConfiguration,
  codes: ReadonlyMap<string, string | undefined>,
) {
  const [second, share] = Object.entries(routing?.AdditionalVersionWeights ?? {}).find(([version]) => codes.has(version)) ?? [];
  const isFirst = codes.has(first);
  return { revisionId, codeSha256: codes.get(isFirst ? first : (second ?? "")), isFirst, secondShare: share };
}

/** An alias may share its calls out among two versions. */
function servedBy({ FunctionVersion: version, RoutingConfig: routing }: AliasConfiguration): readonly string[] {
  return [...(version === undefined ? [] : [version]), ...Object.keys(routing?.AdditionalVersionWeights ?? {})];
}
