import { describe, expect, it } from "vitest";
import { UserError } from "../../../contract/user-error.ts";
import { errorText } from "../../../optimizer/cli.ts";
import { Fault, Interrupted } from "../../../optimizer/errors.ts";

const mendable = new UserError({ code: "x", message: "the value is wrong", hint: "give another", cause: new Error("inner") });

describe("errorText", () => {
  it("gives message and remedy of what a user can mend, no stack", () => {
    expect(errorText(mendable, false)).toBe("optimizer: the value is wrong\n  give another\n");
  });

  it("gives the stack and its causes with --debug", () => {
    const text = errorText(mendable, true);
    expect(text).toContain("error-text.test.ts");
    expect(text).toContain("caused by Error: inner");
  });

  it("owns up to a bug and asks for a report", () => {
    for (const error of [new Fault("impossible"), new TypeError("x is not a function")]) {
      const text = errorText(error, false);
      expect(text).toContain(`this is a bug: ${error.name}: ${error.message}`);
      expect(text).toContain("please report it");
      expect(text).not.toContain(" at ");
    }
  });

  it("tells that an interrupted run can be resumed", () => {
    expect(errorText(new Interrupted("interrupted"), false)).toContain("can be resumed");
  });
});
