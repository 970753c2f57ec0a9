import { anyOwners, type OwnerTag, ownerByTags } from "../owners.ts";
import type { AutoScalingGroup } from "./group.ts";

/**
 * Tags by which another service, or a scheduler of containers, says that a group is its own: it sets the group's size or template by itself, and
 * places what runs there by what its instances have room for, which no load says. By the start of a key.
 */
const owners: readonly OwnerTag[] = [
  ...anyOwners,
  // https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html
  ["eks:", "EKS manages it as a group of nodes"],
  // Whoever runs Kubernetes' nodes in groups of their own: https://docs.aws.amazon.com/eks/latest/userguide/self-managed-nodes.html
  ["kubernetes.io/cluster/", "its instances are nodes of a Kubernetes cluster, which places pods by what they ask for"],
  ["KubernetesCluster", "its instances are nodes of a Kubernetes cluster, which places pods by what they ask for"],
  ["k8s.io/", "its instances are nodes of a Kubernetes cluster, which places pods by what they ask for"],
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html
  ["AmazonECSManaged", "ECS scales it as a capacity provider, and places tasks by what they reserve"],
  // https://docs.aws.amazon.com/batch/latest/userguide/compute_environments.html
  ["AWSBatchServiceTag", "AWS Batch launches it for its jobs"],
];

/** A group that CodeDeploy made as a copy of the one before, and replaces by another at the next deployment: https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html */
const copyOfCodeDeploy = /^CodeDeploy_/;

/** Who manages a group instead of whoever plans here, in words. */
export function ownerObstacle({ ref, tags, memberTags = [] }: AutoScalingGroup): string | undefined {
  if (copyOfCodeDeploy.test(ref.id)) return "CodeDeploy made it as a copy, and replaces it by another one at each deployment";
  return ownerByTags([tags, ...memberTags], owners);
}
