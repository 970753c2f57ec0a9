import { ResourceNotFoundException, type ListTagsOfResourceCommandInput, type ListTagsOfResourceCommandOutput } from "@aws-sdk/client-dynamodb";
import { mutation, query, type Answer, type CallContext, type ServiceHandlers } from "../../service-handler.ts";
import { refusal, serviceError } from "../../service-error.ts";
import { pageOf } from "../page.ts";
import { describeTable } from "./describe-table.ts";
import { updateTable } from "./update-table.ts";

export const dynamoDbHandlers = {
  DescribeTable: query(describeTable),
  ListTagsOfResource: query(listTagsOfResource),
  UpdateTable: mutation(updateTable),
} satisfies ServiceHandlers;

/** Tags a page of ListTagsOfResource holds. */
const tagsPerPage = 10;

function listTagsOfResource(input: ListTagsOfResourceCommandInput, { state, region }: CallContext): Answer<ListTagsOfResourceCommandOutput> {
  const table = state.tables.in(region).find((candidate) => candidate.arn === input.ResourceArn);
  if (table === undefined) throw new ResourceNotFoundException(refusal(`Requested resource not found: ResourceArn: ${input.ResourceArn ?? ""} not found`));
  const page = pageOf(Object.entries(table.tags), input.NextToken, tagsPerPage);
  if (page === undefined) throw serviceError("dynamodb", "ValidationException", "The provided NextToken is not valid");
  return { Tags: page.items.map(([Key, Value]) => ({ Key, Value })), ...(page.next === undefined ? {} : { NextToken: page.next }) };
}
