import {
  paginateDescribeFleets,
  paginateDescribeSpotFleetRequests,
  type EC2Client,
  type FleetLaunchTemplateConfig,
  type LaunchTemplateConfig,
  type Tag,
} from "@aws-sdk/client-ec2";
import type { Neighbour } from "../../../core/levers/asg/group.ts";
import { tagsOf } from "../tag-records.ts";

/** A fleet that still launches instances, from templates. */
export interface InstanceFleet {
  readonly id: string;
  readonly launchedBy: NonNullable<Neighbour["launchedBy"]>;
  readonly tags: Neighbour["tags"];
  readonly templates: readonly {
    readonly LaunchTemplateId?: string | undefined;
    readonly LaunchTemplateName?: string | undefined;
    readonly Version?: string | undefined;
  }[];
}

/** States in which a fleet launches instances, or may: one that was deleted or cancelled launches no more. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FleetData.html */
const launching: readonly (string | undefined)[] = ["submitted", "active", "modifying"];

/** Every fleet of the region that launches instances. One of the type `instant` launches once, when it is made, and is not among them. */
export async function allFleets(client: EC2Client): Promise<readonly InstanceFleet[]> {
  const found: InstanceFleet[] = [];
  for await (const { Fleets: fleets = [] } of paginateDescribeFleets({ client }, {})) {
    for (const { FleetId, FleetState, Type, LaunchTemplateConfigs, Tags } of fleets)
      if (launching.includes(FleetState) && Type !== "instant") found.push(fleetOf("EC2 Fleet", FleetId, LaunchTemplateConfigs, Tags));
  }
  for await (const { SpotFleetRequestConfigs: requests = [] } of paginateDescribeSpotFleetRequests({ client }, {})) {
    for (const { SpotFleetRequestId, SpotFleetRequestState, SpotFleetRequestConfig, Tags } of requests)
      if (launching.includes(SpotFleetRequestState)) found.push(fleetOf("Spot Fleet", SpotFleetRequestId, SpotFleetRequestConfig?.LaunchTemplateConfigs, Tags));
  }
  return found;
}

function fleetOf(
  launchedBy: InstanceFleet["launchedBy"],
  id: string | undefined,
  configs: readonly (FleetLaunchTemplateConfig | LaunchTemplateConfig)[] = [],
  tags: readonly Tag[] = [],
): InstanceFleet {
  return {
    id: id ?? "",
    launchedBy,
    tags: tagsOf([...tags]),
    templates: configs.flatMap(({ LaunchTemplateSpecification }) => LaunchTemplateSpecification ?? []),
  };
}
