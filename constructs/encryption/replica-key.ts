import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsReplicaKey } from "@cdktf/provider-aws/lib/kms-replica-key/index.js";
import { Construct } from "constructs";
import type { Lifetime } from "../lifetime.ts";
import type { Names } from "../names.ts";
import type { PeerRegion } from "../peer-region.ts";
import { policyDocument } from "../policy-document.ts";
import { accountAdministers, deletionWindowDays, type EncryptionKey } from "./encryption-key.ts";

export interface ReplicaKeyProps {
  readonly names: Names;
  readonly dataClass: string;
  readonly lifetime: Lifetime;
  /** A multi-Region key of this stack. */
  readonly primary: EncryptionKey;
  readonly peer: PeerRegion;
}

/**
 * The copy of a multi-Region key in a peer region. Policy, alias and tags are its own; rotation is the primary's.
 * https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-replicate.html
 */
export class ReplicaKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { names, dataClass, lifetime, primary, peer: { region, provider } }: ReplicaKeyProps) {
    super(scope, id);
    const key = new KmsReplicaKey(this, "key", {
      provider,
      primaryKeyArn: primary.arn,
      description: `TAP ${names.suffix}: ${dataClass}, copy in ${region}`,
      deletionWindowInDays: deletionWindowDays(lifetime),
      policy: policyDocument(accountAdministers(names.accountId)),
    });
    new KmsAlias(this, "alias", { provider, name: `alias/${names.resource(dataClass)}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
