import { expect, it } from "vitest";
import { synthesisVariable } from "../../stacks/settings/environment-variables.ts";

it("takes an empty variable for one that is not set", () => {
  const folder = (value: string | undefined): string | undefined => synthesisVariable("TAP_SIZING_DIR", { TAP_SIZING_DIR: value });
  expect([folder("sizes"), folder(""), folder(undefined)]).toEqual(["sizes", undefined, undefined]);
});
