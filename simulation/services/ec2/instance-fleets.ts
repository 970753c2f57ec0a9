import type {
  DescribeFleetsCommandInput,
  DescribeFleetsCommandOutput,
  DescribeSpotFleetRequestsCommandInput,
  DescribeSpotFleetRequestsCommandOutput,
} from "@aws-sdk/client-ec2";
import { z } from "zod";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import { pageOf } from "../../account/page.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { fitsPattern, namePatternSchema, nameSchema } from "../../scenario/references.ts";
import { Demand } from "../../scenario/scenario.ts";
import { launchTemplates } from "../../shared/launch-template.ts";
import { errors } from "./describe-launch-templates.ts";

const instanceFleetSchema = z.strictObject({
  id: z
    .string()
    .regex(/^(?:fleet|sfr)-[0-9a-f-]+$/)
    .describe("fleet-… of an EC2 Fleet, sfr-… of a Spot Fleet."),
  launchTemplate: namePatternSchema,
  version: nameSchema.default("$Latest").describe("A number, $Latest or $Default."),
  state: z.enum(["submitted", "active", "modifying", "cancelled_running", "deleted_running"]).default("active"),
  tags: z.record(nameSchema, z.string()).default({}),
});

type InstanceFleet = z.infer<typeof instanceFleetSchema>;

/** No stack has any: somebody made them beside. Their instances take no part in the load. Without a default, as all that is new. */
export const instanceFleetsDemand = new Demand(
  "instanceFleets",
  z.array(instanceFleetSchema).optional().describe("EC2 Fleets that keep their size, and Spot Fleets, on launch templates of the stacks."),
);

/** Fleets of the type `instant` are told by their ids alone, and none is simulated. */
export function describeFleets(input: DescribeFleetsCommandInput, context: CallContext): Answer<DescribeFleetsCommandOutput> {
  refuseUnmodelled("DescribeFleets", input, ["MaxResults", "NextToken"]);
  const { items, next } = fleetPage("fleet-", input, context);
  return {
    Fleets: items.map(({ fleet, specification }) => ({
      FleetId: fleet.id,
      FleetState: fleet.state === "cancelled_running" ? "deleted_running" : fleet.state,
      Type: "maintain",
      LaunchTemplateConfigs: [{ LaunchTemplateSpecification: specification }],
      Tags: tagList(fleet),
    })),
    ...next,
  };
}

export function describeSpotFleetRequests(input: DescribeSpotFleetRequestsCommandInput, context: CallContext): Answer<DescribeSpotFleetRequestsCommandOutput> {
  refuseUnmodelled("DescribeSpotFleetRequests", input, ["MaxResults", "NextToken"]);
  const { items, next } = fleetPage("sfr-", input, context);
  return {
    SpotFleetRequestConfigs: items.map(({ fleet, specification }) => ({
      SpotFleetRequestId: fleet.id,
      SpotFleetRequestState: fleet.state === "deleted_running" ? "cancelled_running" : fleet.state,
      SpotFleetRequestConfig: {
        IamFleetRole: `arn:aws:iam::${context.state.accountId}:role/aws-ec2-spot-fleet-tagging-role`,
        TargetCapacity: 1,
        Type: "maintain",
        LaunchTemplateConfigs: [{ LaunchTemplateSpecification: specification }],
      },
      Tags: tagList(fleet),
    })),
    ...next,
  };
}

interface Paged {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** AWS resolves the template's name to its id, and leaves the version as it was asked for. */
function fleetPage(prefix: string, { NextToken, MaxResults = 1000 }: Paged, { scenario, state, region }: CallContext) {
  const found = (instanceFleetsDemand.of(scenario, region) ?? []).flatMap((fleet) => {
    const template = state
      .of(launchTemplates)
      .in(region)
      .find(({ name }) => fitsPattern(fleet.launchTemplate, name));
    if (!fleet.id.startsWith(prefix) || template === undefined) return [];
    return { fleet, specification: { LaunchTemplateId: template.id, Version: fleet.version } };
  });
  const page = pageOf(found, NextToken, MaxResults);
  if (page === undefined) throw errors.refuse("InvalidNextToken", "The token is not valid");
  return { items: page.items, next: page.next === undefined ? {} : { NextToken: page.next } };
}

function tagList({ tags }: InstanceFleet) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
