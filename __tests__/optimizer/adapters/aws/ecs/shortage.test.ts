import type { Service } from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import { shortageOf } from "../../../../../optimizer/adapters/aws/ecs/read-service.ts";

/** The newest first, as ECS tells them. */
function serviceWith(...messages: readonly string[]): Service {
  return { events: messages.map((message, place) => ({ message: `(service app) ${message}`, createdAt: new Date(1_000_000 - place * 1000) })) };
}

const noCapacity = "was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.";

describe("what a service says of capacity", () => {
  it.each([
    noCapacity,
    "was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently.",
    "was unable to place a task. Reason: RESOURCE:FARGATE.",
  ])("is a lack of it: %s", (message) => {
    expect(shortageOf(serviceWith("has reached a steady state.", message, "has started 2 tasks: (task 1)."))).toEqual({
      words: `(service app) ${message}`,
      atMs: 999_000,
    });
  });

  it.each([
    ["tasks were started since", ["has started 1 tasks: (task 1).", noCapacity]],
    ["another reason is the newest", ["was unable to place a task. Reason: The requested CPU configuration is above your limit.", noCapacity]],
    ["nothing of the kind is told", ["has reached a steady state."]],
    ["nothing is told at all", []],
  ])("is none where %s", (_, messages) => {
    expect(shortageOf(serviceWith(...messages))).toBeUndefined();
  });
});
