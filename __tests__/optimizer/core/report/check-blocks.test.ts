import { describe, expect, it } from "vitest";
import { layout } from "../../../../optimizer/adapters/terminal/layout.ts";
import type { Check } from "../../../../optimizer/core/model/check.ts";
import { checkBlocks } from "../../../../optimizer/core/report/check-blocks.ts";

describe("what was checked", () => {
  it("stands by area, those without a check left out, each with what was seen and what to do, and is counted at the end", () => {
    const checks: readonly Check[] = [
      { area: "metrics", name: "agent", verdict: "warning", region: "us-east-1", seen: "no memory", remedy: "install it" },
      { area: "machine", name: "node", verdict: "ok", seen: "22.1.0" },
    ];
    expect(layout(checkBlocks(checks), { width: 80, colour: false, unicode: true })).toEqual([
      "This machine",
      "  ok  node  22.1.0",
      "",
      "Metrics",
      "  warning  us-east-1 agent  no memory → install it",
      "",
      "1 ok, 1 warning",
    ]);
  });
});
