import { UserError } from "../../../contract/user-error.ts";

interface ForeignText {
  /** Tried on the text, in this order; the first that fits tells. */
  readonly form: RegExp;
  readonly problem: string;
  readonly hint: string;
}

/** What tools put around or instead of the JSON, by the lines it shows in. */
const foreignTexts: readonly ForeignText[] = [
  {
    // github.com/hashicorp/setup-terraform: the wrapper echoes the command, and debug and output commands after it.
    form: /^\uFEFF?\s*\[command\]|^::(?:debug|set-output|error|warning|notice)\b|^##\[debug\]/m,
    problem: "this is what the wrapper of hashicorp/setup-terraform prints around the JSON",
    hint: "Set `terraform_wrapper: false` in the setup-terraform step, or call `terraform-bin output -json` instead of `terraform`.",
  },
  {
    // https://terragrunt.gruntwork.io/docs/reference/logging/
    form: /^\uFEFF?\s*(?:\d\d:\d\d:\d\d\.\d{3} +(?:STDOUT|STDERR|INFO|WARN|ERROR|DEBUG)\b|time=\S+ level=|\[terragrunt\])/m,
    problem: "these are log lines of Terragrunt around the JSON",
    hint: "Let it pass Terraform's output on unchanged: --tf-forward-stdout (older: --terragrunt-forward-tf-stdout) and --log-disable.",
  },
  {
    form: /^\uFEFF?\s*[A-Za-z_][\w-]* += (?:"|\[|\{|<|tomap|tolist|toset|\d|true|false|null)/,
    problem: "this is what `terraform output` prints for people",
    hint: "Add -json: terraform -chdir=<stack> output -json > outputs.json",
  },
  {
    form: /^\uFEFF?(?:\p{Cc}\[[0-9;]*m|[\s╷│])*(?:Warning|Error): /u,
    problem: "this is a message of Terraform, not its outputs",
    hint: "Mend what it says, then write the outputs again: terraform -chdir=<stack> output -json > outputs.json",
  },
];

/** Says whose text this is where it is no JSON alone: a message about its first wrong character would not help. No JSON has such lines. */
export function refuseForeignText(text: string, source: string): void {
  for (const { form, problem, hint } of foreignTexts) {
    if (form.test(text)) throw new UserError({ code: "outputs-not-json", message: `${source}: ${problem}; expected the JSON alone`, hint });
  }
}
