import type { Construct } from "constructs";
import { GeneratedSecret, type SecretReplica } from "../../constructs/encryption/generated-secret.ts";
import { ReplicaKey } from "../../constructs/encryption/replica-key.ts";
import type { Names } from "../../constructs/names.ts";
import type { ReplicatedSecret, SecretAccess, StackContext } from "./stack-context.ts";
import type { StackKeys } from "./stack-keys.ts";

export interface DatabaseCredentials {
  /** A token. */
  readonly password: string;
  readonly secretArn: string;
  readonly readable: readonly SecretAccess[];
  readonly replicated: ReplicatedSecret;
}

/**
 * The administrator's password, with a copy in every other region: whichever becomes the writer's, applications there still read it.
 * The copies and their keys are the primary's, who has to remove them before its own (docs/decisions/0004).
 */
export function createDatabaseCredentials(
  scope: Construct,
  { names, lifetime, peers }: StackContext,
  keys: StackKeys,
  { resource, username }: { readonly resource: "aurora" | "mysql"; readonly username: string },
): DatabaseCredentials {
  const key = keys.of("credentials");
  const replicas = peers.map((peer): SecretReplica => {
    const copy = new ReplicaKey(scope, `credentials-key-${peer.region}`, { names, dataClass: "credentials", lifetime, primary: key, peer });
    return { region: peer.region, keyArn: copy.arn };
  });
  const secret = new GeneratedSecret(scope, `${resource}-secret`, {
    names,
    resource,
    description: `Password of ${username}, the database's administrator`,
    keyArn: key.arn,
    // MySQL takes 41 at most: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
    length: 40,
    lifetime,
    replicas,
  });
  return {
    password: secret.value,
    secretArn: secret.arn,
    readable: [{ secretArn: secret.arn, keyArn: key.arn }],
    replicated: { name: secret.name, replicas },
  };
}

/**
 * The copy in this region. By name: Secrets Manager ends each ARN with a hyphen and six characters, which nobody knows at synthesis.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html
 */
export function copiedCredentials({ region, accountId }: Names, { name, replicas }: ReplicatedSecret): readonly SecretAccess[] {
  return replicas
    .filter((replica) => replica.region === region)
    .map(({ keyArn }) => ({ secretArn: `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-??????`, keyArn }));
}
