import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";

/** Another region and the provider that works there, in one: what is made for the region cannot land in the stack's own. */
export interface PeerRegion {
  readonly region: string;
  readonly provider: AwsProvider;
}
