import { UserError } from "../../../contract/user-error.ts";
import type { Json, JsonObject } from "./json-documents.ts";

/** Refuses JSON that says how outputs are made rather than what they are, and lists that hold none: nothing in it is a name. */
export function refuseForeignDocument(document: Json, source: string): void {
  if (!isRecord(document)) return;
  const found = foreignDocuments.find(({ isOne }) => isOne(document));
  if (found === undefined) return;
  throw new UserError({ code: "outputs-wrong-shape", message: `${source}: ${found.problem}`, hint: found.hint });
}

interface ForeignDocument {
  readonly isOne: (document: JsonObject) => boolean;
  readonly problem: string;
  readonly hint: string;
}

const foreignDocuments: readonly ForeignDocument[] = [
  {
    isOne: ({ AWSTemplateFormatVersion: version, Resources: resources }) =>
      version !== undefined || (isRecord(resources) && Object.values(resources).some((each) => isRecord(each) && isTypeOfCloudFormation(each["Type"]))),
    problem: "this is a CloudFormation template, which says how outputs are made",
    hint: "Pass what it made: aws cloudformation describe-stacks --stack-name <stack> --output json > outputs.json",
  },
  {
    // https://developer.hashicorp.com/terraform/language/syntax/json
    isOne: ({ resource, provider, terraform, output }) =>
      isRecord(resource) && [provider, terraform, output].some((each) => each !== undefined && isRecord(each)),
    problem: "this is a Terraform configuration in JSON, which says how outputs are made",
    hint: "Pass what it made: terraform -chdir=<stack> output -json > outputs.json",
  },
  {
    isOne: ({ StackSummaries: summaries }) => Array.isArray(summaries),
    problem: "this is a list of stacks without their outputs",
    hint: "Ask for them: aws cloudformation describe-stacks --output json > outputs.json",
  },
  {
    isOne: ({ lineage, serial, outputs }) => lineage !== undefined && serial !== undefined && (outputs === undefined || isEmpty(outputs)),
    problem: "this Terraform state has no outputs, and nothing else in a state is read",
    hint: "Add an output block for each resource that may be changed, apply, then: terraform -chdir=<stack> output -json > outputs.json",
  },
  {
    isOne: ({ format_version: version, values, planned_values: planned }) =>
      version !== undefined && planned === undefined && isRecord(values) && (values["outputs"] === undefined || isEmpty(values["outputs"])),
    problem: "this shows a Terraform state without outputs, and nothing else in a state is read",
    hint: "Add an output block for each resource that may be changed, apply, then: terraform -chdir=<stack> output -json > outputs.json",
  },
  {
    isOne: ({ Stacks: stacks }) =>
      Array.isArray(stacks) && stacks.length > 0 && stacks.every((stack: Json) => isRecord(stack) && stack["StackStatus"] === "DELETE_COMPLETE"),
    problem: "every stack in it is deleted (DELETE_COMPLETE)",
    hint: "Ask for the stacks that exist: aws cloudformation describe-stacks --output json > outputs.json",
  },
  {
    isOne: ({ planned_values: planned, prior_state: prior }) => planned !== undefined && (prior === undefined || isEmpty(prior)),
    problem: "this is a plan of Terraform, before which nothing was applied",
    hint: "Apply it, then: terraform -chdir=<stack> output -json > outputs.json",
  },
];

function isTypeOfCloudFormation(type: Json | undefined): boolean {
  return typeof type === "string" && /^(?:AWS|Custom|Alexa)::/.test(type);
}

function isEmpty(value: Json): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}

function isRecord(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
