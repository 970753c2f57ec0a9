import exceptions from "../../../docs/policy-exceptions.json" with { type: "json" };
import { policyStatements, type Statement } from "../policy-statements.ts";
import { resources, type Resource, type StackDocument } from "../synthesized-stacks.ts";
import { refersTo, type SafetyRule, textOf } from "./requirements.ts";

/** Everyone may do what they need and no more; who acts for AWS says for which account. */
export const policies: SafetyRule = ({ document }) => [
  ...resources(document).flatMap((resource) => statementsOf(resource, "policy").flatMap((statement) => tooMuch(resource, statement))),
  ...resources(document, "aws_iam_role").flatMap((role) => statementsOf(role, "assume_role_policy").flatMap((statement) => badTrust(role, statement))),
  ...foreignPolicies(document),
  ...clearTextBuckets(document),
  ...openSignIns(document),
];

/** Wildcards of a stack as the exceptions name them. */
export function wildcardsOf(document: StackDocument): readonly string[] {
  return resources(document).flatMap((resource) => statementsOf(resource, "policy").flatMap((statement) => wildcards(resource, statement)));
}

function statementsOf({ values }: Resource, argument: string): readonly Statement[] {
  return typeof values[argument] === "string" ? policyStatements(values[argument]) : [];
}

function tooMuch(resource: Resource, statement: Statement): readonly string[] {
  const { address } = resource;
  const allowed = exceptions.map(({ policies: type, statement: sid, wildcard }) => `${type} ${sid} ${wildcard}`);
  const { Sid, Effect, Principal, Condition } = statement;
  const isService = typeof Principal === "object" && Principal["Service"] !== undefined;
  return [
    ...wildcards(resource, statement)
      .filter((wildcard) => !allowed.includes(wildcard))
      .map((wildcard) => `${address}: ${wildcard} has no reason in docs/policy-exceptions.json`),
    ...(Effect === "Allow" && Principal === "*" ? [`${address}: ${Sid} allows everybody`] : []),
    ...(Effect === "Allow" && isService && !namesAccount(Condition) ? [`${address}: ${Sid} lets a service act for any account`] : []),
    ...(statement.Action.includes("cloudwatch:PutMetricData") && Condition["StringEquals"]?.["cloudwatch:namespace"] === undefined
      ? [`${address}: ${Sid} writes to any namespace`]
      : []),
  ];
}

function wildcards({ type }: Resource, { Sid, Action, Resource: targets }: Statement): readonly string[] {
  return [
    ...Action.filter((action) => action.includes("*")).map((action) => `${type} ${Sid} Action ${action}`),
    ...targets.filter((target) => target === "*").map((target) => `${type} ${Sid} Resource ${target}`),
  ];
}

function badTrust({ address }: Resource, { Principal, Condition }: Statement): readonly string[] {
  const services = typeof Principal === "object" && Object.keys(Principal).join() === "Service" ? (Principal["Service"] ?? []) : [];
  if (services.length !== 1) return [`${address}: may be assumed by more than one service`];
  // Only EC2 does not say for whom it acts: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html
  return services[0] === "ec2.amazonaws.com" || namesAccount(Condition) ? [] : [`${address}: may be assumed on behalf of any account`];
}

function namesAccount(condition: Statement["Condition"]): boolean {
  return JSON.stringify(condition).includes("${data.aws_caller_identity.");
}

/** Of AWS's own policies only those made for one service. */
function foreignPolicies(document: StackDocument): readonly string[] {
  return resources(document, "aws_iam_role_policy_attachment")
    .filter(({ values }) => !textOf(values["policy_arn"]).startsWith("arn:aws:iam::aws:policy/service-role/"))
    .map(({ address, values }) => `${address}: attaches ${textOf(values["policy_arn"])}`);
}

function clearTextBuckets(document: StackDocument): readonly string[] {
  const refusing = resources(document, "aws_s3_bucket_policy").filter((policy) =>
    statementsOf(policy, "policy").some(
      ({ Effect, Principal, Action, Resource: targets, Condition }) =>
        Effect === "Deny" &&
        Principal === "*" &&
        Action.includes("s3:*") &&
        targets.length === 2 &&
        Condition["Bool"]?.["aws:SecureTransport"]?.[0] === "false",
    ),
  );
  return resources(document, "aws_s3_bucket")
    .filter(({ address }) => !refusing.some(({ values }) => refersTo(values["bucket"], address)))
    .map(({ address }) => `${address}: takes requests in clear text`);
}

/** A database that takes IAM's tokens for passwords does so for somebody who may get one. */
function openSignIns(document: StackDocument): readonly string[] {
  const grants = resources(document)
    .flatMap((resource) => statementsOf(resource, "policy"))
    .filter(({ Effect, Action }) => Effect === "Allow" && Action.includes("rds-db:connect"));
  return ["aws_rds_cluster", "aws_db_instance"]
    .flatMap((type) => resources(document, type))
    .filter(({ address, values }) => {
      const isOpen = values["iam_database_authentication_enabled"] === true;
      return isOpen && !grants.some((grant) => grant.Resource.some((target) => refersTo(target, address)));
    })
    .map(({ address }) => `${address}: takes IAM's tokens, which nobody may get`);
}
