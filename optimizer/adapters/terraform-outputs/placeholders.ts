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

/** A reference that nobody resolved: a template's, a configuration's, a program's. */
const reference = /^(?:!(?:Ref|GetAtt|Sub|ImportValue|FindInMap|Join)\b|(?:module|data|var|local|dependency|aws_[a-z0-9_]+)\.[A-Za-z_][\w.[\]"-]*$|output<)/i;
/** What PowerShell writes of what stands deeper than it was told to go. */
const cut = /^(?:System\.[\w.]+(?:\[\])?|@\{.*\})$/s;

/** Whether a text stands for a value that is not there: no name of anything. */
export function isPlaceholder(text: string): boolean {
  const trimmed = text.trim();
  if (bracketed.test(trimmed) || unresolved.test(trimmed) || reference.test(trimmed) || cut.test(trimmed) || asked.test(trimmed)) return true;
  const letters = trimmed.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
  return letters === "" || words.has(letters);
}
