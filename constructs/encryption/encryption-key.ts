import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { Construct } from "constructs";
import { isRecoverable, type Lifetime } from "../lifetime.ts";
import type { Names } from "../names.ts";
import { policyDocument, type Statement } from "../policy-document.ts";

export interface EncryptionKeyProps {
  readonly names: Names;
  /** The class of data it encrypts: the alias is `alias/tap-{suffix}-{dataClass}`. */
  readonly dataClass: string;
  readonly lifetime: Lifetime;
  /** Whether other regions may have copies of it. It cannot be changed later: Terraform would make another key. */
  readonly multiRegion?: boolean;
  /** Services that may use the key beside the account's own principals. */
  readonly statements?: readonly Statement[];
}

/** A customer managed key with yearly rotation. Its policy is part of the key, so nothing can use the key before it holds. */
export class EncryptionKey extends Construct {
  readonly arn: string;
  readonly keyId: string;

  constructor(scope: Construct, id: string, { names, dataClass, lifetime, multiRegion = false, statements = [] }: EncryptionKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, "key", {
      description: `TAP ${names.suffix}: ${dataClass}`,
      enableKeyRotation: true,
      ...(multiRegion ? { multiRegion } : {}),
      deletionWindowInDays: deletionWindowDays(lifetime),
      policy: policyDocument(accountAdministers(names.accountId), ...statements),
    });
    new KmsAlias(this, "alias", { name: `alias/${names.resource(dataClass)}`, targetKeyId: key.keyId });
    this.arn = key.arn;
    this.keyId = key.keyId;
  }
}

export function deletionWindowDays(lifetime: Lifetime): number {
  return isRecoverable(lifetime) ? 30 : 7;
}

/** Without it nobody could manage the key: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
export function accountAdministers(accountId: string): Statement {
  return { Sid: "AccountAdministers", Effect: "Allow", Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: "kms:*", Resource: "*" };
}
