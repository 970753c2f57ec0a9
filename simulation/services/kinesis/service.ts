import {
  KinesisServiceException,
  ResourceNotFoundException,
  type DescribeStreamSummaryCommandInput,
  type DescribeStreamSummaryCommandOutput,
} from "@aws-sdk/client-kinesis";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import { query, type Answer, type CallContext, type Service } from "../../account/service.ts";
import { refusal, serviceErrors } from "../../account/service-error.ts";
import { dataStreamArn, dataStreamsDemand } from "../../shared/data-streams.ts";

const errors = serviceErrors(KinesisServiceException, "json");

function describeStreamSummary(input: DescribeStreamSummaryCommandInput, { scenario, state, region }: CallContext): Answer<DescribeStreamSummaryCommandOutput> {
  refuseUnmodelled("DescribeStreamSummary", input, ["StreamARN", "StreamName"]);
  const { StreamARN: asked, StreamName: named } = input;
  if (asked === undefined && named === undefined) throw errors.refuse("ValidationException", "Either StreamARN or StreamName must be provided.");
  const name = named ?? asked?.split("/").at(-1) ?? "";
  const arn = dataStreamArn(region, state.accountId, name);
  const stream = (dataStreamsDemand.of(scenario, region) ?? {})[name];
  if (stream === undefined || (asked !== undefined && asked !== arn))
    throw new ResourceNotFoundException(refusal(`Stream ${name} under account ${state.accountId} not found.`));
  return {
    StreamDescriptionSummary: {
      StreamName: name,
      StreamARN: arn,
      StreamStatus: "ACTIVE",
      RetentionPeriodHours: 24,
      StreamCreationTimestamp: new Date(state.bornMs),
      EnhancedMonitoring: [],
      OpenShardCount: stream.openShards,
    },
  };
}

export const kinesis: Service = {
  name: "kinesis",
  api: { client: "KinesisClient", errors, commands: { DescribeStreamSummary: query(describeStreamSummary) } },
  demands: [dataStreamsDemand],
};
