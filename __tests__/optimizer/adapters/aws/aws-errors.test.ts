import { describe, expect, it } from "vitest";
import { UserError } from "../../../../contract/user-error.ts";
import { readErrorOf, readFailureOf, writeErrorOf } from "../../../../optimizer/adapters/aws/aws-errors.ts";
import { ChangeOutcomeUnknown, ChangeRejected, CredentialsLost, Fault } from "../../../../optimizer/errors.ts";

function awsError(name: string, status?: number): Error {
  return Object.assign(new Error(`${name} said AWS`), { name, ...(status === undefined ? {} : { $metadata: { httpStatusCode: status } }) });
}

describe("errors of mutating calls", () => {
  it.each([
    ["ThrottlingException", "throttled"],
    ["RequestLimitExceeded", "throttled"],
    ["LimitExceededException", "throttled"],
    ["ResourceInUseException", "busy"],
    ["InvalidDBInstanceStateFault", "busy"],
    ["InvalidDBInstanceState", "busy"],
    ["InstanceRefreshInProgressFault", "busy"],
    ["InsufficientDBInstanceCapacityFault", "no-capacity"],
    ["InsufficientInstanceCapacity", "no-capacity"],
    ["AccessDeniedException", "denied"],
    ["UnauthorizedOperation", "denied"],
    ["ValidationError", "invalid"],
    ["InvalidParameterCombination", "invalid"],
    ["DBInstanceNotFoundFault", "missing"],
    ["ResourceNotFoundException", "missing"],
    ["InvalidLaunchTemplateId.NotFound", "missing"],
  ])("%s means that AWS did nothing: %s", (name, kind) => {
    const error = writeErrorOf(awsError(name, 400), "call");
    expect(error).toBeInstanceOf(ChangeRejected);
    expect(error).toMatchObject({ kind, awsName: name, message: expect.stringContaining("call") });
  });

  it.each(["ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "AuthFailure", "CredentialsProviderError"])(
    "%s means lost credentials",
    (name) => {
      expect(writeErrorOf(awsError(name, 403), "call")).toBeInstanceOf(CredentialsLost);
    },
  );

  it.each([
    ["an HTTP 500", awsError("InternalServerError", 500)],
    ["an HTTP 503", awsError("ServiceUnavailable", 503)],
    ["a time-out", awsError("TimeoutError")],
    ["a broken connection", Object.assign(new Error("reset"), { code: "ECONNRESET" })],
    ["an error without name or status", new Error("?")],
  ])("%s leaves the outcome unknown", (_, error) => {
    expect(writeErrorOf(error, "call")).toBeInstanceOf(ChangeOutcomeUnknown);
  });

  it("takes an unknown name with a 4xx status, or marked as the client's fault, for a refusal", () => {
    expect(writeErrorOf(awsError("BrandNewException", 400), "call")).toMatchObject({ kind: "invalid", awsName: "BrandNewException" });
    expect(writeErrorOf(Object.assign(new Error("x"), { $fault: "client" }), "call")).toBeInstanceOf(ChangeRejected);
  });

  it("takes a signature refused for a clock that was wrong until now for a refusal, not for lost credentials", () => {
    const error = Object.assign(awsError("SignatureDoesNotMatch"), { $metadata: { httpStatusCode: 403, clockSkewCorrected: true } });
    expect(writeErrorOf(error, "call")).toMatchObject({ kind: "throttled", awsName: "SignatureDoesNotMatch" });
  });

  it("passes our own errors through", () => {
    const rejected = new ChangeRejected("busy", "X", "x");
    expect(writeErrorOf(rejected, "call")).toBe(rejected);
  });
});

describe("a call that the endpoint does not implement", () => {
  const error = Object.assign(awsError("NotSimulated", 501), { $fault: "client" });

  it("did nothing, and is no verdict on a resource or its tags", () => {
    expect(writeErrorOf(error, "call")).toMatchObject({ kind: "invalid", awsName: "NotSimulated" });
    expect(readFailureOf(error)).toBe("other");
    expect(readErrorOf(error, "call")).toBe(error);
  });
});

describe("errors of reading calls", () => {
  it("tells them apart", () => {
    const errors = [
      awsError("TableNotFoundException"),
      awsError("AccessDenied"),
      awsError("Throttling"),
      awsError("ExpiredToken"),
      awsError("TimeoutError"),
      awsError("Odd", 400),
      new Fault("x"),
    ];
    expect(errors.map(readFailureOf)).toEqual(["missing", "denied", "throttled", "credentials", "lost", "refused", "other"]);
  });

  it("gives each that the user can mend its remedy, and leaves bugs alone", () => {
    const codes = ["AccessDenied", "Throttling", "ExpiredToken", "TimeoutError"].map((name) => {
      const error = readErrorOf(awsError(name), "call");
      return error instanceof UserError && error.hint !== "" ? error.code : error;
    });
    expect(codes).toEqual(["access-denied", "throttled", "credentials-lost", "aws-unreachable"]);
    const fault = new Fault("bug");
    expect(readErrorOf(fault, "call")).toBe(fault);
  });
});
