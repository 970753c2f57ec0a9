import type { Problem } from "./problem.ts";
import type { Settings } from "./settings-model.ts";

/** What the stack's instances ask for over the internet, where a VPC has no endpoints. */
const services = ["ssm", "logs", "monitoring", "secretsmanager"];

/** The default VPC has public subnets only, and no way out of them but a public address, unless somebody made one. */
export function addressWarnings({ network, stacks }: Settings): readonly Problem[] {
  const compute = stacks.find((stack) => !stack.absent)?.components.compute ?? null;
  if (network !== "default" || compute === null) return [];
  return compute.application.refusePublicAddress
    ? [
        {
          path: "publicAddresses",
          message: "without an address of their own, instances reach nothing outside the default VPC by themselves",
          hint: `a NAT gateway, or endpoints for S3, DynamoDB and ${services.join(", ")}, must be there before them; else no agent runs`,
        },
      ]
    : [
        {
          path: "network",
          message: "instances stand in the default VPC's public subnets, with public addresses; only their security group keeps the internet out",
          hint: "where that VPC has a NAT gateway or endpoints, say publicAddresses `false` (TAP_PUBLIC_ADDRESSES=false); network `managed` has private subnets",
        },
      ];
}
