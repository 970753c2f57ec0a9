import type { Statement } from "../policy-document.ts";

const channels = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map((action) => `ssmmessages:${action}`);

/** AWS offers the channels no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmessagegatewayservice.html */
const shellChannels: Statement = { Sid: "ShellChannels", Effect: "Allow", Action: channels, Resource: "*" };

/** What ECS Exec needs in a task. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html */
export function taskShellStatements(shellAccess: boolean): readonly Statement[] {
  return shellAccess ? [shellChannels] : [];
}

/**
 * What Session Manager's agent needs on an instance, which reports itself; who may then open a shell is for IAM to say.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
 */
export function instanceShellStatements(shellAccess: boolean): readonly Statement[] {
  return shellAccess ? [shellChannels, { Sid: "ShellAgent", Effect: "Allow", Action: "ssm:UpdateInstanceInformation", Resource: "*" }] : [];
}
