import { describe, expect, it } from "vitest";
import { z } from "zod";
import committed from "../../docs/scan-exceptions.json" with { type: "json" };
import { readReport, type FailedCheck } from "../../scripts/scan/checkov-report.ts";
import { exceptionSchema, judge, type Exception } from "../../scripts/scan/exceptions.ts";
import { asText } from "../../scripts/scan/verdict.ts";

const reason = "It is like this because a test says so.";

function failure(details: Partial<FailedCheck> = {}): FailedCheck {
  return {
    check: "CKV_AWS_18",
    title: "Ensure access logging",
    blueprint: "saas",
    environment: "production",
    stack: "primary",
    resource: "aws_s3_bucket.log-bucket",
    ...details,
  };
}

function exception(details: Partial<Exception> = {}): Exception {
  return { check: "CKV_AWS_18", resources: "aws_s3_bucket.log-bucket", reason, ...details };
}

function excusedBy(one: Exception, failed = failure()): boolean {
  return judge([failed], [one]).unexcused.length === 0;
}

describe("an exception of the scan", () => {
  it("excuses its check for its resources only", () => {
    expect(excusedBy(exception())).toBe(true);
    expect(excusedBy(exception({ check: "CKV_AWS_19" }))).toBe(false);
    expect(excusedBy(exception({ resources: "aws_s3_bucket.data-bucket" }))).toBe(false);
    expect(excusedBy(exception({ resources: "aws_s3_bucket.log" }))).toBe(false);
  });

  it("may name several resources with a star, and nothing else has a meaning", () => {
    expect(excusedBy(exception({ resources: "aws_s3_bucket.*" }))).toBe(true);
    expect(excusedBy(exception({ resources: "aws_s3_bucket.log-*" }))).toBe(true);
    expect(excusedBy(exception({ resources: "aws_s3_bucket.l.g-bucket" }))).toBe(false);
  });

  it("may hold in one environment or blueprint only", () => {
    expect(excusedBy(exception({ environment: "staging" }))).toBe(false);
    expect(excusedBy(exception({ environment: "staging" }), failure({ environment: "staging" }))).toBe(true);
    expect(excusedBy(exception({ blueprint: "web" }))).toBe(false);
    expect(excusedBy(exception({ blueprint: "saas", environment: "production" }))).toBe(true);
  });

  it("that excuses nothing is stale, and said to be", () => {
    const judgement = judge([failure()], [exception(), exception({ resources: "aws_s3_bucket.gone" })]);
    expect(judgement.excused.map(({ failures }) => failures.length)).toEqual([1, 0]);
    const text = asText({ ...judgement, report: { version: "1", passed: 7, failed: [failure()], stacks: ["saas-production/primary"] }, unread: [] }, false);
    expect(text).toContain("STALE     CKV_AWS_18 aws_s3_bucket.gone");
    expect(text).toContain("7 checks passed, 0 failed, 1 excused by 2 exceptions (--verbose shows them), 1 of them stale");
  });

  it("needs a reason", () => {
    expect(() => z.array(exceptionSchema).parse(committed)).not.toThrow();
    expect(exceptionSchema.safeParse({ ...exception(), reason: "because" }).success).toBe(false);
  });
});

describe("the report of checkov", () => {
  const record = { check_id: "CKV_AWS_18", check_name: "Ensure access logging", file_path: "/saas-production/stacks/primary/cdk.tf.json" };
  const stack = JSON.stringify({ resource: { aws_s3_bucket: { "log-bucket_38F5EEF0": {} } } });
  const reportOf = (results: object): string =>
    JSON.stringify({ results: { passed_checks: [], failed_checks: [], parsing_errors: [], ...results }, summary: { checkov_version: "3" } });

  it.each(["resource.log-bucket_38F5EEF0", "aws_s3_bucket.log-bucket_38F5EEF0"])("tells which resource of which stack failed: %s", (resource) => {
    const report = readReport(reportOf({ failed_checks: [{ ...record, resource }] }), () => stack);
    expect(report).toEqual({ version: "3", passed: 0, failed: [failure({ title: "Ensure access logging" })], stacks: ["saas-production/primary"] });
  });

  it("about a file that it cannot read, or that is no stack, is none", () => {
    expect(() => readReport(reportOf({ parsing_errors: ["/x.tf.json"] }), () => stack)).toThrow(/cannot read/);
    expect(() => readReport(reportOf({ passed_checks: [{ ...record, file_path: "/manifest.json", resource: "a.b" }] }), () => stack)).toThrow(/no stack/);
    expect(() => readReport(reportOf({ failed_checks: [{ ...record, resource: "resource.gone" }] }), () => stack)).toThrow(/0 types/);
  });
});
