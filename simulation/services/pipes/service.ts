import { PipesServiceException, type ListPipesCommandInput, type ListPipesCommandOutput } from "@aws-sdk/client-pipes";
import { z } from "zod";
import { pageOf } from "../../account/page.ts";
import { query, type Answer, type CallContext, type Service } from "../../account/service.ts";
import { serviceErrors } from "../../account/service-error.ts";
import { fitsPattern, namePatternSchema } from "../../scenario/references.ts";
import { Demand, type Scenario } from "../../scenario/scenario.ts";

const errors = serviceErrors(PipesServiceException, "json");
const pipeSchema = z.strictObject({ readsStreamOf: namePatternSchema.describe("The table whose stream is its source.") });

/** Without a default: a state folder belongs to a scenario with all its values, and would open no more. */
const pipesDemand = new Demand("pipes", z.record(z.string().min(1), pipeSchema).optional().describe("EventBridge pipes by name."));

/** Names of the pipes that the scenario connects to a table's stream. */
export function pipesOf(scenario: Scenario, region: string, table: string): readonly string[] {
  return Object.entries(pipesDemand.of(scenario, region) ?? {})
    .filter(([, { readsStreamOf }]) => fitsPattern(readsStreamOf, table))
    .map(([name]) => name);
}

/** By the beginning of the source's ARN: pipes that the scenario connects to a table's stream. */
function listPipes(input: ListPipesCommandInput, { scenario, region, state }: CallContext): Answer<ListPipesCommandOutput> {
  const [, table] = (input.SourcePrefix ?? "").split("/");
  const pipes = table === undefined ? Object.keys(pipesDemand.of(scenario, region) ?? {}) : pipesOf(scenario, region, table);
  const page = pageOf(pipes, input.NextToken, input.Limit ?? 10);
  if (page === undefined) throw errors.refuse("ValidationException", "Invalid NextToken");
  return {
    Pipes: page.items.map((Name) => ({
      Name,
      Arn: `arn:aws:pipes:${region}:${state.accountId}:pipe/${Name}`,
      CurrentState: "RUNNING",
      DesiredState: "RUNNING",
    })),
    ...(page.next === undefined ? {} : { NextToken: page.next }),
  };
}

export const pipes: Service = {
  name: "pipes",
  api: { client: "PipesClient", errors, commands: { ListPipes: query(listPipes) } },
  demands: [pipesDemand],
};
