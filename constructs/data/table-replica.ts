import { DynamodbTableReplicaA } from "@cdktf/provider-aws/lib/dynamodb-table-replica/index.js";
import { Construct } from "constructs";
import { isProtected, type Lifetime } from "../lifetime.ts";
import { tableTags, type TableDefinition } from "./table-definition.ts";

export interface TableReplicaProps {
  /** ARN of the table in its owner's region. */
  readonly tableArn: string;
  readonly definition: TableDefinition;
  /** Key of this region. */
  readonly keyArn: string;
  readonly lifetime: Lifetime;
}

/** This region's copy of a global table. Keys, indexes and billing are the owner's; encryption and recovery are per region. */
export class TableReplica extends Construct {
  /** ARN of the copy in this region. */
  readonly arn: string;

  constructor(scope: Construct, id: string, { tableArn, definition, keyArn, lifetime }: TableReplicaProps) {
    super(scope, id);
    this.arn = new DynamodbTableReplicaA(this, "replica", {
      globalTableArn: tableArn,
      kmsKeyArn: keyArn,
      pointInTimeRecovery: true,
      deletionProtectionEnabled: isProtected(lifetime),
      tags: tableTags(definition),
    }).arn;
  }
}
