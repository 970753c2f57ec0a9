import { TerraformOutput, type TerraformStack } from "cdktf";
import type { StackOutputs } from "../../contract/outputs.ts";

/**
 * Writes the contract's outputs as children of the stack itself, where a construct's id and its logical id are the same:
 * `terraform output` prints the one, `cdktf deploy --outputs-file` the other. The ids have underscores or one word that no
 * other construct of the stack has.
 */
export function writeOutputs(stack: TerraformStack, outputs: StackOutputs): void {
  for (const [name, value] of Object.entries(outputs)) new TerraformOutput(stack, name, { value });
}
