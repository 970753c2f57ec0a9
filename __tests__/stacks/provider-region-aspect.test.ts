import { KmsReplicaKey } from "@cdktf/provider-aws/lib/kms-replica-key/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { Subnet } from "@cdktf/provider-aws/lib/subnet/index.js";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection/index.js";
import { App, Aspects, TerraformStack } from "cdktf";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ProviderRegionAspect } from "../../stacks/provider-region-aspect.ts";

/** Synthesizes a stack of us-east-1, with a provider for us-west-2, that holds what `fill` puts in. */
function synthesize(fill: (stack: TerraformStack, west: AwsProvider) => void): void {
  const outdir = mkdtempSync(join(tmpdir(), "tap-aspect-"));
  try {
    const app = new App({ outdir, stackTraces: false });
    const stack = new TerraformStack(app, "primary");
    const [, west] = [new AwsProvider(stack, "east", { region: "us-east-1" }), new AwsProvider(stack, "west", { region: "us-west-2", alias: "us-west-2" })];
    Aspects.of(stack).add(new ProviderRegionAspect("us-east-1", ["us-east-1", "us-west-2"]));
    fill(stack, west);
    app.synth();
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const subnet = (availabilityZone: string) => ({ vpcId: "vpc-1", cidrBlock: "10.0.0.0/24", availabilityZone });

describe("a resource that names a region", () => {
  it("may stand on its own region's provider", () => {
    expect(() => synthesize((stack) => new Subnet(stack, "a", subnet("us-east-1a")))).not.toThrow();
    expect(() => synthesize((stack, west) => new Subnet(stack, "a", { provider: west, ...subnet("us-west-2a") }))).not.toThrow();
  });

  it("fails synthesis on the stack's provider when the peer's was forgotten", () => {
    expect(() => synthesize((stack) => new Subnet(stack, "a", subnet("us-west-2a")))).toThrow(
      /aws_subnet names us-west-2 in availability_zone, but its provider works in us-east-1/,
    );
  });

  it("fails synthesis on the peer's provider when it belongs here", () => {
    expect(() => synthesize((stack, west) => new Subnet(stack, "a", { provider: west, ...subnet("us-east-1a") }))).toThrow(/its provider works in us-west-2/);
  });

  it("names none, but is the copy of a key: fails synthesis on the stack's own provider", () => {
    const copy = { primaryKeyArn: "arn:aws:kms:us-east-1:123456789012:key/mrk-1" };
    expect(() => synthesize((stack) => new KmsReplicaKey(stack, "a", copy))).toThrow(/aws_kms_replica_key is for another region than us-east-1/);
    expect(() => synthesize((stack, west) => new KmsReplicaKey(stack, "a", { provider: west, ...copy }))).not.toThrow();
  });

  it("may name its peer's region where that is what the argument is for", () => {
    expect(() => synthesize((stack) => new VpcPeeringConnection(stack, "p", { vpcId: "vpc-1", peerVpcId: "vpc-2", peerRegion: "us-west-2" }))).not.toThrow();
  });
});
