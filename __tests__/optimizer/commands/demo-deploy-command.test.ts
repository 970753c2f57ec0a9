import { expect, it } from "vitest";
import { deployCommand } from "../../../optimizer/commands/demo.ts";

it("names the scenario that the demo told, so that the same story is deployed", () => {
  expect(deployCommand(undefined)).toBe("npx optimizer simulate deploy");
  expect(deployCommand("web")).toBe("npx optimizer simulate deploy --scenario web");
});
