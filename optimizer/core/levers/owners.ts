import { type Tags, readTags } from "../model/resource-ref.ts";

/** A tag by which whoever keeps a resource as it should be says so: how its key begins, and what that means. */
export type OwnerTag = readonly [key: string, words: string];

/** Of resources of any kind: these compare what is there with what they were told, or know only what they were told, and put it back. */
export const anyOwners: readonly OwnerTag[] = [
  // https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/applications-tagging-resources.html
  ["elasticbeanstalk:", "Elastic Beanstalk keeps it as its environment says"],
  // https://aws-controllers-k8s.github.io/community/docs/user-docs/ack-tags/
  ["services.k8s.aws/", "a controller of Kubernetes (ACK) keeps it as its manifest says"],
  // https://docs.crossplane.io/latest/managed-resources/managed-resources/
  ["crossplane-", "Crossplane keeps it as its manifest says"],
];

/** Who keeps it, in words, by tags that could be read. */
export function ownerByTags(tags: readonly Tags[], owners: readonly OwnerTag[] = anyOwners): string | undefined {
  const keys = tags.flatMap((each) => Object.keys(readTags(each)));
  for (const [start, words] of owners) {
    const key = keys.find((each) => each.startsWith(start));
    if (key !== undefined) return `${words} (tag ${JSON.stringify(key)})`;
  }
  return undefined;
}
