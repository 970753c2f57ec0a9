import { UserError } from "../../../contract/user-error.ts";

interface ForeignText {
  /** Tried in this order; the first that fits tells. Forms with the flag `m` look at every line, others at the beginning alone. */
  readonly form: RegExp;
  readonly problem: string;
  readonly hint: string;
}

/** What stands first shows itself within as many characters. */
const longestBeginning = 10_000;
const json = "terraform -chdir=<stack> output -json > outputs.json";

/** What tools put around or instead of the JSON, by the lines it shows in. No line of JSON begins so. */
const foreignTexts: readonly ForeignText[] = [
  {
    // github.com/hashicorp/setup-terraform: the wrapper echoes the command, and debug and output commands after it.
    form: /^[ \t]*\[command\]|(?:^|[}\]])::(?:debug|set-output|error|warning|notice)\b|^##\[debug\]/m,
    problem: "this is what the wrapper of hashicorp/setup-terraform prints around the JSON",
    hint: "Set `terraform_wrapper: false` in the setup-terraform step, or call `terraform-bin output -json` instead of `terraform`.",
  },
  {
    // https://terragrunt.gruntwork.io/docs/reference/logging/; older ones put the unit's path before each line.
    form: /^[ \t]*(?:\d\d:\d\d:\d\d\.\d{3} +(?:STDOUT|STDERR|INFO|WARN|ERROR|DEBUG)\b|time=\S+ level=|\[terragrunt\]|\[[^\]"\s]*\/[^\]"\s]*\] |Group \d+\r?$|- (?:Module|Unit) )/m,
    problem: "these are log lines of Terragrunt around the JSON",
    hint: "Let it pass Terraform's output on unchanged: --tf-forward-stdout (older: --terragrunt-forward-tf-stdout) and --log-disable.",
  },
  {
    // https://docs.npmjs.com/cli/using-npm/logging: `npm run` and yarn name the script before what it prints, make its folder.
    form: /^(?:> \S+@\S+|yarn run v\d|\$ \S|make(?:\[\d+\])?: )/m,
    problem: "a script runner's lines stand around the JSON",
    hint: "Keep it silent: npm run --silent, yarn --silent, make --no-print-directory with @ before the command.",
  },
  {
    // https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-deploy.html
    form: /^Outputs:\r?\n[\w-]+\.\w+ = |^(?: ✅ | ✨ )/m,
    problem: "this is what CDK prints for people",
    hint: "Have it write a file: cdk deploy --outputs-file outputs.json",
  },
  {
    form: /^\s*Current stack outputs \(\d+\):/,
    problem: "this is what Pulumi prints for people",
    hint: "Add --json: pulumi stack output --json > outputs.json",
  },
  {
    form: /^\s*(?:aws: \[ERROR\]: )?An error occurred \(\w+\) when calling |^\s*Unable to locate credentials|^\s*Error loading SSO Token/,
    problem: "this is a message of the AWS CLI, not what it was asked for",
    hint: "Mend what it says, then write the outputs again: aws cloudformation describe-stacks --output json > outputs.json",
  },
  {
    form: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z? /,
    problem: "these are lines of a log, each with its time",
    hint: `Have the outputs written to a file in the job itself: ${json}`,
  },
  {
    form: /^[ \t]*[A-Za-z_][\w-]* += (?:"|\[|\{|<|tomap|tolist|toset|\d|true|false|null)|^Outputs:\r?$/m,
    problem: "this is what Terraform prints for people",
    hint: `Add -json: ${json}`,
  },
  {
    form: /^(?:\p{Cc}\[[0-9;]*m|[\s╷│])*(?:Warning|Error): /u,
    problem: "this is a message of Terraform, not its outputs",
    hint: `Mend what it says, then write the outputs again: ${json}`,
  },
  {
    // The escape that begins a colour.
    form: /^\p{Cc}\[[0-9;]*m/u,
    problem: "colours of a terminal stand around the JSON",
    hint: `Add -no-color, or write to a file directly: ${json}`,
  },
  {
    form: /^(?:output|resource|variable|module|terraform|provider|locals|data) *(?:"[^"\n]*" *)*\{/,
    problem: "this is a Terraform configuration, which says how outputs are made",
    hint: `Pass what it made: ${json}`,
  },
  {
    // https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-output-format.html
    form: /^(?:(?:STACKS|OUTPUTS|EXPORTS|STACKRESOURCES|STACKRESOURCESUMMARIES)\t|-{5,}\r?$|\+-{3,}|\|)/m,
    problem: "this is the AWS CLI's text or table",
    hint: "Add --output json: aws cloudformation describe-stacks --output json > outputs.json",
  },
  {
    form: /^(?:---\s|[A-Za-z_][\w.-]*:(?:\s|$))/,
    problem: "this is YAML",
    hint: "Have JSON written (--output json, --json), or turn it into JSON: yq -o=json outputs.yaml > outputs.json",
  },
  {
    form: /^(?:export +)?[A-Za-z_]\w*=/,
    problem: "these are variables, a line each",
    hint: `Pass the outputs as JSON: ${json}`,
  },
  {
    form: /^</,
    problem: "this is HTML or XML",
    hint: `Where a server sent it instead of a file, it may be an error page. Outputs are JSON: ${json}`,
  },
  {
    form: /^(?:\/\/|\/\*|#)|^\{\s*'/,
    problem: "this only looks like JSON: it has comments, or texts in single quotes",
    hint: `Pass what a tool wrote as JSON, unchanged: ${json}`,
  },
  {
    // No JSON is a word or a path alone, but for these three.
    form: /^(?!(?:true|false|null)\s*$)[A-Za-z][\w.:/@+-]*\s*$/,
    problem: "this is one value alone, as `terraform output -raw` prints it",
    hint: `Pass all outputs, with their keys: ${json}`,
  },
];

/** Says whose text this is where it is no JSON alone: a message about its first wrong character would not help. */
export function refuseForeignText(text: string, source: string): void {
  const begun = text.trimStart();
  const beginning = begun.slice(0, longestBeginning);
  for (const { form, problem, hint } of foreignTexts) {
    if (form.test(form.multiline ? begun : beginning))
      throw new UserError({ code: "outputs-not-json", message: `${source}: ${problem}; expected the JSON alone`, hint });
  }
}
