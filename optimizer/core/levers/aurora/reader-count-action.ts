import type { Action } from "../../model/action.ts";
import { actionId, type Subject } from "../../sizing/skip.ts";
import { type ChangeOf, inverse } from "../change-kinds.ts";
import type { AuroraCluster } from "./cluster.ts";
import type { MemberDefinition } from "./member-definition.ts";
import { changeSeconds } from "../../../../contract/change-seconds.ts";
import { minutesOf } from "../minutes-of.ts";

/** Clients of the reader endpoint resolve it again within 5 seconds; until then, and while pools notice, their reads there fail. */
const reconnectSeconds = 30;
const minutesToCreate = minutesOf(changeSeconds.auroraReaderCreation);

/** Deletes one reader, as the last of all; the way back makes it again as it was. `after`: the action whose classes it counts on. */
export function removeReader(
  subject: Subject,
  { ref }: AuroraCluster,
  { identifier, definition }: { readonly identifier: string; readonly definition: MemberDefinition },
  after?: string,
): Action {
  const id = actionId(subject);
  const change: ChangeOf<"rds.member"> = { kind: "rds.member", region: ref.region, cluster: ref.id, instance: identifier, before: definition, after: null };
  return {
    id,
    rule: subject.rule,
    phase: 3,
    region: ref.region,
    resource: ref,
    summary: `${ref.id}: remove reader ${identifier} (${definition.instanceClass})`,
    steps: [{ kind: "change", id: `${id}#forward:delete`, change, description: `delete reader ${identifier}` }],
    rollback: [
      {
        kind: "change",
        id: `${id}#rollback:create`,
        change: inverse(change),
        description: `create reader ${identifier} (${definition.instanceClass}) again as it was, with another resource id, in some ${minutesToCreate} minutes`,
      },
    ],
    ...(after === undefined ? {} : { after }),
    isLast: true,
    reversibility: "slow",
    undoMinutes: minutesToCreate,
    disruptions: [
      { kind: "instance-restart", seconds: reconnectSeconds, detail: `connections to ${identifier} end, and are made again to the readers that stay` },
    ],
    writeBack: [{ type: "aws_rds_cluster_instance", id: identifier, property: "absent", operation: "set", value: true }],
  };
}
