/** `tap-{suffix}-{resource}`: the name of a resource that is unique within its account and region. */
export function resourceName(suffix: string, resource: string): string {
  return `tap-${suffix}-${resource}`;
}

/** `tap-{suffix}-{resource}-{region}`: the name of a resource that is unique within the whole account, such as a role. */
export function globalResourceName(suffix: string, resource: string, region: string): string {
  return `${resourceName(suffix, resource)}-${region}`;
}

/** `tap-{suffix}-{resource}-{accountId}-{region}`: the name of a bucket, unique across all of AWS. */
export function bucketName(suffix: string, resource: string, accountId: string, region: string): string {
  return `${resourceName(suffix, resource)}-${accountId}-${region}`;
}

/** `tap-{suffix}-{resource}-{attribute}`: a key of the `exports` output. */
export function exportKey(suffix: string, resource: string, attribute: string): string {
  return `${resourceName(suffix, resource)}-${attribute}`;
}

/** The identifier of an Aurora instance by its position; roles move between instances, identifiers never do. */
export function auroraInstanceIdentifier(suffix: string, position: number): string {
  return resourceName(suffix, `aurora-${position}`);
}
