import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { Construct } from "constructs";
import type { Names } from "../names.ts";
import { policyDocument, trustPolicy, type Statement } from "../policy-document.ts";
import { taskShellStatements } from "./shell-access.ts";
import { onArns, storeStatements, type StoreGrants } from "./store-grants.ts";

export interface TaskRolesProps {
  readonly names: Names;
  readonly service: string;
  readonly image: string;
  readonly logGroupArn: string;
  /** What its application may use. */
  readonly grants: StoreGrants;
  readonly shellAccess: boolean;
}

/** Two roles: what ECS needs to start a task (image, log stream), and what the application in it may do. */
export class TaskRoles extends Construct {
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
  /** A task that starts before its role may do anything fails. */
  readonly policies: readonly IamRolePolicy[];

  constructor(scope: Construct, id: string, { names, service, image, logGroupArn, grants, shellAccess }: TaskRolesProps) {
    super(scope, id);
    const assumeRolePolicy = trustPolicy("ecs-tasks.amazonaws.com", names.accountId);
    const execution = new IamRole(this, "execution", { name: names.role(`${service}-execution`), assumeRolePolicy });
    const task = new IamRole(this, "task", { name: names.role(`${service}-task`), assumeRolePolicy });
    this.executionRoleArn = execution.arn;
    this.taskRoleArn = task.arn;
    this.policies = [
      new IamRolePolicy(this, "execution-policy", {
        name: "start-tasks",
        role: execution.name,
        policy: policyDocument(...onArns("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], [`${logGroupArn}:*`]), ...imageStatements(image)),
      }),
      new IamRolePolicy(this, "task-policy", {
        name: "app",
        role: task.name,
        policy: policyDocument(...storeStatements(grants), ...taskShellStatements(shellAccess)),
      }),
    ];
  }
}

const privateImage = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)/;

/** A public image needs no permission. https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html */
function imageStatements(image: string): readonly Statement[] {
  const [, account, region, repository] = privateImage.exec(image) ?? [];
  if (repository === undefined) return [];
  const pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
  return [
    ...onArns("Image", pull, [`arn:aws:ecr:${region}:${account}:repository/${repository}`]),
    // The token is the account's, for all its repositories.
    { Sid: "RegistryToken", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
  ];
}
