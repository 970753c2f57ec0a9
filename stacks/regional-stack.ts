import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { Aspects, LocalBackend, S3Backend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { createNames } from "../constructs/names.ts";
import type { PeerRegion } from "../constructs/peer-region.ts";
import { ProviderRegionAspect } from "./provider-region-aspect.ts";
import type { Settings, StackSettings } from "./settings/settings-model.ts";
import { stackOutputs } from "./outputs/stack-outputs.ts";
import { writeOutputs } from "./outputs/write-outputs.ts";
import type { GlobalResources } from "./resources/stack-context.ts";
import { createResources, globalsOf } from "./resources/stack-resources.ts";
import { peeredNetworks } from "./resources/peered-networks.ts";
import { stackTags, tenantTagKeys } from "./tags.ts";

/** Provider releases whose arguments we use: nothing that came with 6. */
const providerVersions = ">= 5.100.0, < 7.0.0";

/** A file that Terraform reads beside the stack's `cdk.tf.json`; `path` is relative to its folder. */
export interface StackFile {
  readonly path: string;
  readonly bytes: Buffer;
}

export interface RegionalStackProps {
  readonly settings: Settings;
  readonly stack: StackSettings;
  /** What the primary stack owns for all regions; absent in the primary itself. */
  readonly fromPrimary?: GlobalResources;
}

/** All that TAP has in one region: the resources of the blueprint's components, and the outputs that the optimizer reads. */
export class RegionalStack extends TerraformStack {
  readonly globals: GlobalResources;
  /** To be written after synthesis. */
  readonly files: readonly StackFile[];

  constructor(scope: Construct, { settings, stack, fromPrimary }: RegionalStackProps) {
    super(scope, stack.name);
    const tags = stackTags(settings, stack);
    const peers = this.addProviders(stack, tags);
    this.keepState(settings, stack);
    Aspects.of(this).add(
      new ProviderRegionAspect(
        stack.region,
        settings.stacks.map(({ region }) => region),
      ),
    );
    if (stack.absent) {
      this.globals = { region: stack.region, tableArns: {} };
      this.files = [];
      writeOutputs(this, { stack_region: stack.region, stack_name: stack.name, environment_suffix: settings.suffix });
      return;
    }
    const { accountId } = new DataAwsCallerIdentity(this, "caller");
    const names = createNames({ suffix: settings.suffix, region: stack.region, accountId });
    const { lifetime, network, peering, domain, alarmEmail } = settings;
    const resources = createResources(this, {
      names,
      stack,
      lifetime,
      tags,
      networkMode: network,
      peering,
      peeredNetworks: peeredNetworks(settings, stack),
      ...(domain === undefined ? {} : { domain }),
      peers: peers.filter(({ region }) => settings.stacks.some((other) => other.region === region && !other.absent)),
      ...(alarmEmail === undefined ? {} : { alarmEmail }),
      ...(fromPrimary === undefined ? {} : { fromPrimary }),
    });
    this.globals = globalsOf(resources);
    this.files = resources.functions.map(({ made }) => made.code);
    writeOutputs(this, stackOutputs(stack, resources));
  }

  private keepState({ state, suffix }: Settings, { name }: StackSettings): void {
    if (state === undefined) {
      // Relative to the stack's folder, <out>/stacks/<stack>: the same on every machine, and for the stack that reads this state.
      new LocalBackend(this, { path: `../../../state/${suffix}/${name}.tfstate` });
      return;
    }
    // The database's password and the cache's token are in the state.
    new S3Backend(this, { ...state, key: `tap/${suffix}/${name}.tfstate`, encrypt: true });
    // S3's own lock, since Terraform 1.10; cdktf 0.21 has no argument for it.
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }

  private addProviders({ region, peerRegions }: StackSettings, tags: Readonly<Record<string, string>>): readonly PeerRegion[] {
    const provider = { defaultTags: [{ tags: { ...tags } }], ignoreTags: [{ keys: [...tenantTagKeys] }] };
    new AwsProvider(this, "aws", { region, ...provider });
    this.addOverride("terraform.required_providers.aws.version", providerVersions);
    return peerRegions.map((peer) => ({ region: peer, provider: new AwsProvider(this, `aws-${peer}`, { alias: peer, region: peer, ...provider }) }));
  }
}
