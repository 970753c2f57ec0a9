/** What tools and people write where there is no value, letters and digits alone. */
const words: ReadonlySet<string> = new Set([
  "unknown",
  "na",
  "none",
  "null",
  "nil",
  "nan",
  "undefined",
  "tbd",
  "tba",
  "todo",
  "fixme",
  "xxx",
  "changeme",
  "replaceme",
  "placeholder",
  "sensitive",
  "sensitivevalue",
  "redacted",
  "masked",
  "computed",
  "knownafterapply",
  "afterapply",
  "novalue",
  "unset",
  "notset",
  "notavailable",
  "notapplicable",
  "notdeployed",
  "notcreated",
  "notconfigured",
  "notfound",
  "notprovisioned",
  "notenabled",
  "notused",
  "false",
  "disabled",
  "skipped",
  "omitted",
  "dummy",
  "empty",
]);
/** `your-cluster-id`, `<…>` without brackets: what examples ask to be replaced. */
const asked = /^(?:your|insert|enter|replace)[-_ ]/i;

/** Terraform's `<sensitive>`, Pulumi's `[secret]`, CloudFormation's `****`: a whole value in brackets, or no letter and no digit. */
const bracketed = /^(?:<.*>|\[.*\]|\(.*\)|\{\{.*\}\}|\$\{.*\}|%.*%|__.*__)$/s;
/** A CDK token that was never resolved, and what Pulumi prints for an output that is used as a text. */
const unresolved = /\$\{Token\[|Calling \[toString\] on an \[Output/;

/** Whether a text stands for a value that is not there: no name of anything. */
export function isPlaceholder(text: string): boolean {
  const trimmed = text.trim();
  if (bracketed.test(trimmed) || unresolved.test(trimmed) || asked.test(trimmed)) return true;
  const letters = trimmed.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
  return letters === "" || words.has(letters);
}
