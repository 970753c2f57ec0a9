import type { DescribeUpdateActionsCommandInput, DescribeUpdateActionsCommandOutput } from "@aws-sdk/client-elasticache";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import { pageOf } from "../../account/page.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { cacheDemand } from "./demand.ts";
import { invalidValue, replicationGroups } from "./replication-group.ts";

/** What the scenario says of each group; of no other group, as AWS answers for one that it does not know. */
export function describeUpdateActions(
  input: DescribeUpdateActionsCommandInput,
  { state, region, scenario }: CallContext,
): Answer<DescribeUpdateActionsCommandOutput> {
  refuseUnmodelled("DescribeUpdateActions", input, ["ReplicationGroupIds", "MaxRecords", "Marker"]);
  const updates = cacheDemand.of(scenario, region)?.serviceUpdates ?? [];
  const actions = state
    .of(replicationGroups)
    .in(region)
    .filter(({ id }) => input.ReplicationGroupIds?.includes(id) ?? true)
    .flatMap(({ id, engine }) =>
      updates.map(({ name, status }) => ({ ReplicationGroupId: id, Engine: engine, ServiceUpdateName: name, UpdateActionStatus: status })),
    );
  const page = pageOf(actions, input.Marker, input.MaxRecords ?? 50);
  if (page === undefined) throw invalidValue("The marker is not valid");
  return { UpdateActions: [...page.items], ...(page.next === undefined ? {} : { Marker: page.next }) };
}
