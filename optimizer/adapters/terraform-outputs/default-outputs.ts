/** Files that are looked for, in this order, when neither a flag nor standard input gives outputs. */
export const defaultOutputsFiles = [
  "cfn-outputs/flat-outputs.json",
  "cfn-outputs/all-outputs.json",
  "terraform-outputs.json",
  "outputs.json",
  "deployment-outputs.json",
] as const;
