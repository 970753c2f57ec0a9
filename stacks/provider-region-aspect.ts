import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { Annotations, TerraformDataSource, TerraformResource, type IAspect } from "cdktf";
import type { IConstruct } from "constructs";

/** Arguments that say where a resource itself is. Others, such as `peer_region` or a policy, may well name another region. */
const placeArguments = ["availability_zone", "bucket", "certificate_arn", "name", "region", "service_name"] as const;

/** Types that name no region and yet only make sense in another than the stack's own. */
const foreignTypes: ReadonlySet<string> = new Set(["aws_kms_replica_key"]);

/**
 * Fails synthesis when a resource that names a region is created through a provider of another region. Forgetting
 * `provider:` is silent in Terraform: the resource simply lands in the stack's own region.
 */
export class ProviderRegionAspect implements IAspect {
  private readonly ownRegion: string;
  private readonly regions: readonly string[];

  /**
   * @param ownRegion region of the stack's default provider
   * @param regions all regions that stacks of this application are in
   */
  constructor(ownRegion: string, regions: readonly string[]) {
    this.ownRegion = ownRegion;
    this.regions = regions;
  }

  visit(node: IConstruct): void {
    if (!(node instanceof TerraformResource) && !(node instanceof TerraformDataSource)) return;
    const providerRegion = node.provider instanceof AwsProvider ? node.provider.region : this.ownRegion;
    if (foreignTypes.has(node.terraformResourceType) && providerRegion === this.ownRegion)
      Annotations.of(node).addError(`${node.terraformResourceType} is for another region than ${providerRegion}: hand it that region's provider`);
    for (const { argument, region } of this.namedRegions(node))
      if (region !== providerRegion)
        Annotations.of(node).addError(
          `${node.terraformResourceType} names ${region} in ${argument}, but its provider works in ${providerRegion}: hand it the provider of ${region}`,
        );
  }

  private namedRegions(node: TerraformResource | TerraformDataSource): readonly { readonly argument: string; readonly region: string }[] {
    const values = argumentsOf(node);
    return placeArguments.flatMap((argument) => {
      const value = values[argument];
      const region = typeof value === "string" ? this.regions.find((candidate) => stands(candidate, value)) : undefined;
      return region === undefined ? [] : [{ argument, region }];
    });
  }
}

/** Whether `region` stands in `text` as a word: `us-east-1` in `us-east-1a` (its zone), but not in `us-east-10`. */
function stands(region: string, text: string): boolean {
  return new RegExp(`(?:^|[^a-z0-9])${region}(?![0-9])`).test(text);
}

/** Arguments as given; what is a token is no region's name anyway. */
function argumentsOf(node: TerraformResource | TerraformDataSource): Readonly<Record<string, unknown>> {
  const kind = node instanceof TerraformResource ? "resource" : "data";
  return node.toTerraform()[kind][node.terraformResourceType][node.friendlyUniqueId];
}
