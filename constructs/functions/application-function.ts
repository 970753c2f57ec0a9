import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { Construct } from "constructs";
import { encryptedLogGroup } from "../encryption/encrypted-log-group.ts";
import type { Names } from "../names.ts";
import { policyDocument, trustPolicy, type Statement } from "../policy-document.ts";
import { codePackage, handler, runtime, type CodePackage } from "./function-code.ts";
import type { FunctionDefinition } from "./function-definition.ts";

export interface ApplicationFunctionProps {
  readonly names: Names;
  readonly definition: FunctionDefinition;
  /** Encrypts its environment and the queue of its failures. */
  readonly keyArn: string;
  readonly logKeyArn: string;
  readonly failures: SqsQueue;
  readonly environment: Readonly<Record<string, string>>;
  /** What it may do beside writing its log, its traces and its failures. */
  readonly statements: readonly Statement[];
}

/**
 * A Lambda function. It is in no VPC: the tables and the bucket are reached over AWS's own network either way, and network interfaces
 * would only delay its start and its deletion.
 */
export class ApplicationFunction extends Construct {
  readonly functionName: string;
  readonly arn: string;
  /** What may have to be written beside the stack: `path` is relative to its folder, where Terraform runs. */
  readonly code: CodePackage & { readonly path: string };
  /** Whoever makes AWS call the function on the role's rights has to wait for it. */
  readonly policy: IamRolePolicy;

  constructor(scope: Construct, id: string, props: ApplicationFunctionProps) {
    super(scope, id);
    const { names, definition, keyArn, logKeyArn, failures, environment, statements } = props;
    const name = names.resource(definition.key, "function");
    const logGroup = encryptedLogGroup(this, "log-group", `/aws/lambda/${name}`, { keyArn: logKeyArn, retentionDays: definition.logRetentionDays });
    const assumeRolePolicy = trustPolicy("lambda.amazonaws.com", names.accountId);
    const role = new IamRole(this, "role", { name: names.role(`fn-${definition.key}`), assumeRolePolicy });
    this.policy = new IamRolePolicy(this, "policy", {
      name: "function",
      role: role.name,
      policy: policyDocument(...ownStatements(logGroup.arn, failures.arn, keyArn), ...statements),
    });
    this.code = { ...codePackage(definition.code), path: `functions/${definition.code}.zip` };
    const made = new LambdaFunction(this, "function", {
      functionName: name,
      role: role.arn,
      runtime,
      handler,
      architectures: ["arm64"],
      filename: this.code.path,
      sourceCodeHash: this.code.hash,
      memorySize: definition.memoryMib,
      timeout: definition.timeoutSeconds,
      ...(definition.reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: definition.reservedConcurrency }),
      kmsKeyArn: keyArn,
      environment: { variables: { ...environment } },
      deadLetterConfig: { targetArn: failures.arn },
      tracingConfig: { mode: "Active" },
      loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
      // Lambda checks at once whether the role may write to the queue.
      dependsOn: [this.policy],
    });
    this.functionName = made.functionName;
    this.arn = made.arn;
  }
}

function ownStatements(logGroupArn: string, failuresArn: string, keyArn: string): readonly Statement[] {
  return [
    { Sid: "Logs", Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${logGroupArn}:*` },
    { Sid: "Failures", Effect: "Allow", Action: "sqs:SendMessage", Resource: failuresArn },
    { Sid: "OwnKey", Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: keyArn },
    // AWS offers neither call a resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
    { Sid: "Traces", Effect: "Allow", Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], Resource: "*" },
  ];
}
