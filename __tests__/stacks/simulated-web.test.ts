import { expect, it } from "vitest";
import { openAccount } from "../../simulation/account/account.ts";
import { createMemoryAccountStore } from "../../simulation/account/store.ts";
import { parseScenario } from "../../simulation/scenario/schema.ts";
import type { StackDocuments } from "../../simulation/terraform/stack-document.ts";
import { web } from "../support/web-stacks.ts";

it.each([
  ["production", {}],
  ["staging", { environment: "staging" }],
  ["finance", { preset: "finance" }],
] as const)(
  "deploys into the simulated account as a whole in %s, both regions with the database and its replica, and leaves Terraform nothing to change",
  (_, configuration) => {
    const account = openAccount(parseScenario({ regions: {}, start: "2026-06-01T00:00:00Z" }, "test"), createMemoryAccountStore());
    const stacks = web(configuration) as unknown as StackDocuments;
    account.deploy(stacks);
    expect(account.driftAgainst(stacks)).toEqual({ add: [], change: [], destroy: [] });
  },
);
