import type { Change, ChangeState } from "../../core/levers/change-kinds.ts";
import type { ChangeReader } from "../../ports/changes.ts";
import { readErrorOf, readFailureOf } from "./aws-errors.ts";
import { groupTemplateState, instanceRefreshState, templateVersionState } from "./asg/states.ts";
import { instanceClassState, writerState } from "./aurora/states.ts";
import { indexState, readCapState } from "./dynamodb/states.ts";
import type { RegionClients } from "./client-factory.ts";
import { ResourceGone } from "./resource-gone.ts";

/** Describes what a change is about, with the resource's members, indexes and refreshes: settled only when all of them are. */
export function createChangeReader(clients: (region: string) => RegionClients): ChangeReader {
  return {
    async stateOf<C extends Change>(change: C): Promise<ChangeState<C>> {
      try {
        return await readState(clients(change.region), change);
      } catch (error) {
        if (error instanceof ResourceGone || readFailureOf(error) === "missing")
          return { kind: "missing", detail: error instanceof Error ? error.message : String(error) };
        throw readErrorOf(error, `describing the state of ${change.kind} in ${change.region}`);
      }
    },
  };
}

function readState(clients: RegionClients, change: Change): Promise<ChangeState> {
  switch (change.kind) {
    case "dynamodb.index-read-cap":
      return readCapState(clients.dynamoDb, change);
    case "dynamodb.index":
      return indexState(clients.dynamoDb, change);
    case "ec2.launch-template-version":
      return templateVersionState(clients.ec2, change);
    case "asg.launch-template":
      return groupTemplateState(clients, change);
    case "asg.instance-refresh":
      return instanceRefreshState(clients, change);
    case "rds.instance-class":
      return instanceClassState(clients.rds, change);
    case "rds.failover":
      return writerState(clients.rds, change);
    default:
      return change satisfies never;
  }
}
