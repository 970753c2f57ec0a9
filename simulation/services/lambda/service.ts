import { LambdaServiceException, type ListEventSourceMappingsCommandInput, type ListEventSourceMappingsCommandOutput } from "@aws-sdk/client-lambda";
import { NotSimulated } from "../../account/not-simulated.ts";
import { pageOf } from "../../account/page.ts";
import { query, type Answer, type CallContext, type Service } from "../../account/service.ts";
import { serviceErrors } from "../../account/service-error.ts";
import { fitsPattern } from "../../scenario/references.ts";
import { eventSourceMappings, mappingTypes } from "./event-source-mappings.ts";
import { functionsDemand } from "./demand.ts";

const errors = serviceErrors(LambdaServiceException, "json");

/** By the stream: mappings of the stacks, and of functions that the scenario connects to a table's. */
function listEventSourceMappings(
  input: ListEventSourceMappingsCommandInput,
  { state, region, scenario }: CallContext,
): Answer<ListEventSourceMappingsCommandOutput> {
  const { EventSourceArn: source } = input;
  if (source === undefined) throw new NotSimulated("ListEventSourceMappings without EventSourceArn");
  const [, table = ""] = source.split("/");
  const arnOf = (name: string): string => (name.startsWith("arn:") ? name : `arn:aws:lambda:${region}:${state.accountId}:function:${name}`);
  const deployed = state
    .of(eventSourceMappings)
    .in(region)
    .filter(({ sourceArn }) => sourceArn === source)
    .map((mapping) => ({ name: mapping.function, isEnabled: mapping.isEnabled }));
  const connected = Object.entries(functionsDemand.of(scenario, region) ?? {}).filter(([, { readsStreamsOf = [] }]) =>
    readsStreamsOf.some((pattern) => fitsPattern(pattern, table)),
  );
  const all = [...deployed, ...connected.map(([name]) => ({ name, isEnabled: true }))];
  const page = pageOf(all, input.Marker, input.MaxItems ?? 100);
  if (page === undefined) throw errors.refuse("InvalidParameterValueException", "Invalid Marker");
  return {
    EventSourceMappings: page.items.map(({ name, isEnabled }) => ({
      EventSourceArn: source,
      FunctionArn: arnOf(name),
      State: isEnabled ? "Enabled" : "Disabled",
    })),
    ...(page.next === undefined ? {} : { NextMarker: page.next }),
  };
}

export const lambda: Service = {
  name: "lambda",
  api: { client: "LambdaClient", errors, commands: { ListEventSourceMappings: query(listEventSourceMappings) } },
  resources: mappingTypes,
  demands: [functionsDemand],
};
