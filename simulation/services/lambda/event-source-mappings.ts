import type { DeploymentContext, ResourceType } from "../../account/service.ts";
import { regionalStore } from "../../account/state.ts";
import { argumentsOf } from "../../terraform/arguments.ts";
import { arn, idOf, uuid } from "../../terraform/attributes.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";

/** A function of the stacks that AWS calls with what a stream or a queue brings. */
export interface EventSourceMapping {
  readonly region: string;
  readonly id: string;
  readonly sourceArn: string;
  readonly function: string;
  readonly isEnabled: boolean;
}

export const eventSourceMappings = regionalStore<EventSourceMapping>();

function deployMapping(resource: EvaluatedResource, { state }: DeploymentContext): void {
  const given = argumentsOf(resource);
  const id = String(resource.attribute("id"));
  state.of(eventSourceMappings).add(id, {
    region: resource.region,
    id,
    sourceArn: given.text("event_source_arn"),
    function: given.text("function_name"),
    isEnabled: given.flag("enabled", true),
  });
}

export const mappingTypes: Readonly<Record<string, ResourceType>> = {
  aws_lambda_event_source_mapping: {
    attributes: { id: uuid, uuid: idOf, arn: arn("lambda", (self) => `event-source-mapping:${idOf(self)}`) },
    deploy: deployMapping,
  },
};
