import { DescribeEventsCommand, type RDSClient } from "@aws-sdk/client-rds";
import type { ServiceEvent } from "../../../ports/inventory.ts";
import { toldOf } from "../told-events.ts";

/** Of the last minutes, of all databases of a region: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html */
export async function databaseEvents(client: RDSClient, minutes: number): Promise<readonly ServiceEvent[]> {
  return toldOf(await client.send(new DescribeEventsCommand({ Duration: minutes, MaxRecords: 100 })));
}
