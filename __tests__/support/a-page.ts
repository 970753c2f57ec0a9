import type { PageMessage } from "../../optimizer/core/paging/page-message.ts";

/** A message as a run of the tests sends it. */
export function aPage(over: Partial<PageMessage> = {}): PageMessage {
  return {
    version: 1,
    event: "breach:41",
    kind: "breach",
    run: "run-1780272000-1a2b3c4d",
    plan: "1a2b3c4d".repeat(8),
    account: "123456789012",
    at: "2026-06-01T00:00Z",
    phase: 2,
    region: "us-west-2",
    summary: "us-west-2 breached and is rolled back (run-1780272000-1a2b3c4d)",
    reason: "errors 2 %",
    live: [],
    next: "at 2026-06-01 00:05 UTC, as long as somebody drives the run: the refresh settles",
    commands: ["npx optimizer status run-1780272000-1a2b3c4d"],
    text: "us-west-2 breached and is rolled back\n",
    ...over,
  };
}
