import { describe, expect, it } from "vitest";
import { parsed, userErrorOf } from "../../../support/parsed-outputs.ts";

describe("what is no JSON", () => {
  it.each([
    ["setup-terraform's wrapper, before", '[command]/usr/bin/terraform-bin output -json\n{"asg_name":{"value":"secret-canary"}}', "terraform_wrapper: false"],
    [
      "setup-terraform's wrapper, after",
      '{"asg_name":{"value":"secret-canary"}}\n::debug::Terraform exited with code 0.\n::debug::stdout: {}',
      "terraform_wrapper: false",
    ],
    [
      "setup-terraform's wrapper, on the same line",
      '{"asg_name":{"value":"secret-canary"}}::debug::Terraform exited with code 0.\n',
      "terraform_wrapper: false",
    ],
    ["Terragrunt's log lines", "10:19:04.123 STDOUT [web] terraform: {\n10:19:04.123 STDOUT [web] terraform: }", "--tf-forward-stdout"],
    ["Terragrunt's older log lines", "time=2025-01-01T00:00:00Z level=info msg=secret-canary\n{}", "--tf-forward-stdout"],
    ["output for people", 'asg_name = "secret-canary"\n', "-json"],
    ["output for people, after an apply", '\nApply complete!\n\nOutputs:\n\nasg_name = "secret-canary"\n', "-json"],
    ["Terragrunt's units", 'Group 1\n- Module /live/prod/asg\n\n{"asg_name":{"value":"secret-canary"}}', "--tf-forward-stdout"],
    ["Terragrunt's units before each line", '[/live/prod/asg] {\n[/live/prod/asg]   "asg_name": {', "--tf-forward-stdout"],
    ["npm's lines", '\n> infra@1.0.0 outputs\n> terraform output -json\n\n{"asg_name":"secret-canary"}', "--silent"],
    ["make's lines", 'make: Entering directory\n{"asg_name":"secret-canary"}\n', "--no-print-directory"],
    ["colours", '\u001b[0m{"asg_name":"secret-canary"}\u001b[0m', "-no-color"],
    ["a configuration", 'output "asg_name" {\n  value = "secret-canary"\n}', "output -json"],
    ["the AWS CLI's text", "STACKS\t2026-01-01T10:00:00\tsecret-canary\n", "--output json"],
    ["the AWS CLI's table", "-------------------\n|  DescribeStacks |\n", "--output json"],
    ["YAML", "Stacks:\n- StackName: secret-canary\n", "yq"],
    ["YAML with its first line", "---\nasg_name: secret-canary\n", "yq"],
    ["variables", "ASG_NAME=secret-canary\n", "output -json"],
    ["an error page", "<!DOCTYPE html><html>secret-canary</html>", "error page"],
    ["comments", '// outputs\n{"asg_name":"secret-canary"}', "unchanged"],
    ["single quotes", "{'asg_name': 'secret-canary'}", "unchanged"],
    ["output -raw", "secret-canary", "with their keys"],
    ["what CDK prints", "\nOutputs:\nWebStack.AsgName = secret-canary\nStack ARN:\n", "--outputs-file outputs.json"],
    ["what Pulumi prints", "Current stack outputs (1):\n    OUTPUT   VALUE\n    asgName  secret-canary\n", "--json"],
    ["a message of the AWS CLI", "\nAn error occurred (ExpiredToken) when calling the DescribeStacks operation: secret-canary\n", "describe-stacks"],
    ["a job's log", '2026-01-01T10:00:00.0000000Z {"asg_name": "secret-canary"}', "written to a file"],
    ["a message", "╷\n│ Error: No state file was found\n", "Mend what it says"],
  ])("names %s, and quotes none of it", (_, text, remedy) => {
    const error = userErrorOf(() => parsed(text));
    expect(error.code).toBe("outputs-not-json");
    expect(error.hint).toContain(remedy);
    expect(`${error.message} ${error.hint}`).not.toContain("secret-canary");
  });
});

describe("JSON that holds no outputs", () => {
  it.each<[string, unknown, string]>([
    [
      "CloudFormation template",
      { Resources: { Fleet: { Type: "AWS::AutoScaling::AutoScalingGroup" } }, Outputs: { AsgName: { Value: { Ref: "Fleet" } } } },
      "describe-stacks",
    ],
    [
      "Terraform configuration",
      { terraform: {}, resource: { aws_autoscaling_group: {} }, output: { asg_name: { value: "${aws_autoscaling_group.web.name}" } } },
      "output -json",
    ],
    ["list of stacks without their outputs", { StackSummaries: [{ StackName: "web" }] }, "describe-stacks"],
    ["plan of Terraform", { format_version: "1.2", planned_values: { outputs: { asg_name: { value: "g" } } } }, "Apply it"],
    ["shows a Terraform state without outputs", { format_version: "1.0", terraform_version: "1.9.0", values: { root_module: {} } }, "output block"],
    ["every stack in it is deleted", { Stacks: [{ StackName: "web", StackStatus: "DELETE_COMPLETE", Outputs: [] }] }, "stacks that exist"],
    ["has no outputs", { version: 4, terraform_version: "1.9.0", serial: 1, lineage: "x", outputs: {}, resources: [{}] }, "output block"],
  ])("says what to pass instead: %s", (problem, document, remedy) => {
    const error = userErrorOf(() => parsed(document));
    expect(error.code).toBe("outputs-wrong-shape");
    expect(error.message).toContain(problem);
    expect(error.hint).toContain(remedy);
  });
});
