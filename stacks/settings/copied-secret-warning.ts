import { resourceName } from "../../contract/resource-names.ts";
import type { Problem } from "./problem.ts";
import type { Settings } from "./settings-model.ts";

/**
 * With the last copy of a secret given up, Terraform sees nothing to do: release 5.100 of the provider takes "no copies named" for "as they are".
 * https://github.com/hashicorp/terraform-provider-aws/issues/23316
 */
export function copiedSecretWarning({ suffix, stacks }: Settings): readonly Problem[] {
  const secondaries = stacks.filter((stack) => stack.role === "secondary");
  const hasSecret = stacks.some((stack) => stack.role === "primary" && stack.components.aurora !== null);
  if (!hasSecret || secondaries.length === 0 || secondaries.some((stack) => !stack.absent)) return [];
  const regions = secondaries.map(({ region }) => region).join(" ");
  return [
    {
      path: "regionAbsent",
      message: `the AWS provider 5 does not remove the last copy of the database's password (${regions})`,
      hint: `once: aws secretsmanager remove-regions-from-replication --secret-id ${resourceName(suffix, "aurora")} --remove-replica-regions ${regions}`,
    },
  ];
}
