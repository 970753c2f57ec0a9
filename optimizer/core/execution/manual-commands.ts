import type { Change } from "../levers/change-kinds.ts";
import type { IndexDefinition } from "../levers/dynamodb/table.ts";
import type { PhaseNumber } from "../model/rule-id.ts";

/** AWS CLI command that leads to `change.after`, for whoever has to do by hand what we could not. */
export function awsCommand(change: Change): string {
  const region = `--region ${quoted(change.region)}`;
  switch (change.kind) {
    case "dynamodb.index-read-cap":
      return updateTable(change, [{ Update: { IndexName: change.index, OnDemandThroughput: { MaxReadRequestUnits: change.after.maxReadRequestUnits } } }]);
    case "dynamodb.index":
      return change.after === null
        ? updateTable(change, [{ Delete: { IndexName: change.index } }])
        : `${updateTable(change, [{ Create: creation(change.after) }])} --attribute-definitions ${quoted(JSON.stringify(attributes(change.after)))}`;
    case "ec2.launch-template-version":
      return `aws ec2 create-launch-template-version ${region} --launch-template-id ${quoted(change.launchTemplateId)} --source-version '$Latest' --launch-template-data ${quoted(JSON.stringify({ InstanceType: change.after.instanceType }))}`;
    case "asg.launch-template": {
      const latest = `$(aws ec2 describe-launch-template-versions ${region} --launch-template-id ${quoted(change.launchTemplateId)} --versions '$Latest' --query 'LaunchTemplateVersions[0].VersionNumber' --output text)`;
      return `aws autoscaling update-auto-scaling-group ${region} --auto-scaling-group-name ${quoted(change.autoScalingGroup)} --launch-template "LaunchTemplateId=${change.launchTemplateId},Version=${latest}"`;
    }
    case "asg.instance-refresh":
      return `aws autoscaling start-instance-refresh ${region} --auto-scaling-group-name ${quoted(change.autoScalingGroup)}`;
    case "rds.instance-class":
      return `aws rds modify-db-instance ${region} --db-instance-identifier ${quoted(change.instance)} --db-instance-class ${quoted(change.after.instanceClass)} --apply-immediately`;
    case "rds.failover":
      return `aws rds failover-db-cluster ${region} --db-cluster-identifier ${quoted(change.cluster)} --target-db-instance-identifier ${quoted(change.after.writer)}`;
    default:
      return change satisfies never;
  }
}

/** What can be asked of the optimizer when a run waits for a human. */
export function optimizerCommands(runId: string, phase: PhaseNumber | null): readonly string[] {
  return [`optimizer continue ${runId}`, `optimizer rollback ${runId}${phase === null ? "" : ` --phase ${phase}`}`, `optimizer abort ${runId}`];
}

function updateTable(change: { readonly region: string; readonly table: string }, updates: readonly object[]): string {
  return `aws dynamodb update-table --region ${quoted(change.region)} --table-name ${quoted(change.table)} --global-secondary-index-updates ${quoted(JSON.stringify(updates))}`;
}

function creation({ name, key, projection, readCapacityUnits, writeCapacityUnits }: IndexDefinition): object {
  return {
    IndexName: name,
    KeySchema: key.map((attribute) => ({ AttributeName: attribute.name, KeyType: attribute.keyType })),
    Projection: { ProjectionType: projection.type, ...(projection.nonKeyAttributes.length === 0 ? {} : { NonKeyAttributes: projection.nonKeyAttributes }) },
    ...(readCapacityUnits === undefined || writeCapacityUnits === undefined
      ? {}
      : { ProvisionedThroughput: { ReadCapacityUnits: readCapacityUnits, WriteCapacityUnits: writeCapacityUnits } }),
  };
}

/** Only the index's own key: the table's other attributes must be named too when it has indexes that remain. */
function attributes({ key }: IndexDefinition): readonly object[] {
  return key.map(({ name, attributeType }) => ({ AttributeName: name, AttributeType: attributeType }));
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./:=@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
