import type { DescribeInstancesCommandInput, DescribeInstancesCommandOutput, Instance, Reservation } from "@aws-sdk/client-ec2";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { pageOf } from "../../account/page.ts";
import { fleets } from "../../shared/fleet.ts";
import { errors } from "./describe-launch-templates.ts";

/** Instances of groups, each as a launch of its own. All run Linux; a foreign hand may have reserved their capacity. */
export function describeInstances(input: DescribeInstancesCommandInput, { state, region, nowMs }: CallContext): Answer<DescribeInstancesCommandOutput> {
  refuseUnmodelled("EC2 DescribeInstances", input, ["Filters", "MaxResults", "NextToken"]);
  const asked = (input.Filters ?? []).map(({ Name: name, Values: values = [] }) => {
    if (name !== "instance-id") throw new NotSimulated(`EC2 DescribeInstances by ${name ?? "no name"}`);
    return values;
  });
  const launched = state
    .of(fleets)
    .in(region)
    .flatMap((group) =>
      (group.instances.at(nowMs) ?? []).map(({ id, instanceType, zone }): Instance => ({
        InstanceId: id,
        InstanceType: instanceType as NonNullable<Instance["InstanceType"]>,
        Placement: { AvailabilityZone: zone, Tenancy: "default" },
        State: { Code: 16, Name: "running" },
        PlatformDetails: "Linux/UNIX",
        UsageOperation: "RunInstances",
        ...(group.capacityReservation === undefined ? {} : { CapacityReservationId: group.capacityReservation }),
      })),
    )
    .filter(({ InstanceId: id = "" }) => asked.every((values) => values.includes(id)));
  const page = pageOf(launched, input.NextToken, input.MaxResults ?? 1000);
  if (page === undefined) throw errors.refuse("InvalidNextToken", "The token is not valid");
  const reservations = page.items.map((instance): Reservation => ({ ReservationId: `r-${(instance.InstanceId ?? "").slice(2)}`, Instances: [instance] }));
  return { Reservations: reservations, ...(page.next === undefined ? {} : { NextToken: page.next }) };
}
