import { expect, it } from "vitest";
import { openAccount } from "../../simulation/account/account.ts";
import { createMemoryAccountStore } from "../../simulation/account/store.ts";
import { parseScenario } from "../../simulation/scenario/schema.ts";
import { streamingProduction } from "../support/streaming-stacks.ts";
import type { StackDocuments } from "../../simulation/terraform/stack-document.ts";

it("deploys into the simulated account as a whole, both regions with their functions, and leaves Terraform nothing to change", () => {
  const account = openAccount(parseScenario({ regions: {}, start: "2026-06-01T00:00:00Z" }, "test"), createMemoryAccountStore());
  const stacks = streamingProduction() as unknown as StackDocuments;
  account.deploy(stacks);
  expect(account.driftAgainst(stacks)).toEqual({ add: [], change: [], destroy: [] });
});
