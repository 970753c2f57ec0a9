import { DataAwsSecretsmanagerRandomPassword } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-random-password/index.js";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version/index.js";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret/index.js";
import { Construct } from "constructs";
import { isRecoverable, type Lifetime } from "../lifetime.ts";
import type { Names } from "../names.ts";

/** A copy of the secret in another region. */
export interface SecretReplica {
  readonly region: string;
  /** The ARN of the encryption key in that region. */
  readonly keyArn: string;
}

export interface GeneratedSecretProps {
  readonly names: Names;
  /** `tap-{suffix}-{resource}` is the secret's name. */
  readonly resource: string;
  readonly description: string;
  readonly keyArn: string;
  readonly length: number;
  readonly lifetime: Lifetime;
  readonly replicas?: readonly SecretReplica[];
}

/**
 * A secret whose value Secrets Manager makes up: letters and digits only, since ElastiCache forbids `/ " @ %` and MySQL some more.
 * The value is in the Terraform state and nowhere else.
 */
export class GeneratedSecret extends Construct {
  readonly name: string;
  readonly arn: string;
  /** A token: what was stored first, not what the data source makes up at each plan. */
  readonly value: string;

  constructor(scope: Construct, id: string, props: GeneratedSecretProps) {
    super(scope, id);
    const { replicas = [] } = props;
    this.name = props.names.resource(props.resource);
    const secret = new SecretsmanagerSecret(this, "secret", {
      name: this.name,
      description: props.description,
      kmsKeyId: props.keyArn,
      // A deleted secret keeps its name for the recovery window: a disposable environment could not be made again.
      recoveryWindowInDays: isRecoverable(props.lifetime) ? 30 : 0,
      ...(replicas.length === 0 ? {} : { replica: replicas.map(({ region, keyArn }) => ({ region, kmsKeyId: keyArn })) }),
    });
    const random = new DataAwsSecretsmanagerRandomPassword(this, "random", {
      passwordLength: props.length,
      excludePunctuation: true,
      includeSpace: false,
      requireEachIncludedType: true,
    });
    const version = new SecretsmanagerSecretVersion(this, "version", {
      secretId: secret.id,
      secretString: random.randomPassword,
      lifecycle: { ignoreChanges: ["secret_string"] },
    });
    this.arn = secret.arn;
    this.value = version.secretString;
  }
}
