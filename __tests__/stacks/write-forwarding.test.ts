import { expect, it } from "vitest";
import { only, resources, sources, synthesized, synthesizedAll, certificatesOf, type StackDocument } from "../support/synthesized-stacks.ts";
import { refusal } from "../support/web-stacks.ts";

function consistency(document: StackDocument): boolean {
  return JSON.stringify(only(document, "aws_rds_cluster_parameter_group")["parameter"]).includes(
    '{"name":"aurora_replica_read_consistency","value":"SESSION"}',
  );
}

it("writes are not forwarded unless asked for", () => {
  const { primary, secondary } = synthesized(sources());
  expect(only(primary, "aws_rds_cluster")).not.toHaveProperty("enable_global_write_forwarding");
  expect(only(secondary, "aws_rds_cluster")["enable_global_write_forwarding"]).toBe(false);
  expect([primary, secondary].map(consistency)).toEqual([false, false]);
});

it("each secondary forwards writes when asked, and lets a session read its own; the primary has nobody to forward to", () => {
  const regions = ["us-east-1", "us-west-2", "eu-west-1"];
  const stacks = synthesizedAll(sources({ regions, certificateArn: certificatesOf(regions), globalWriteForwarding: true }));
  expect(stacks.map(({ stack }) => [only(stack, "aws_rds_cluster")["enable_global_write_forwarding"], consistency(stack)])).toEqual([
    [undefined, false],
    [true, true],
    [true, true],
  ]);
});

it("may be asked for from the shell, and is refused where there is nobody to forward to", () => {
  const { secondary } = synthesized({ variables: { TAP_GLOBAL_WRITE_FORWARDING: "true" }, readSizing: () => undefined });
  expect(only(secondary, "aws_rds_cluster")["enable_global_write_forwarding"]).toBe(true);
  expect(refusal(sources({ globalWriteForwarding: true, regions: ["us-east-1"], certificateArn: certificatesOf(["us-east-1"]) }))).toContain(
    "globalWriteForwarding: there is no second region to forward from",
  );
  expect(refusal({ variables: { TAP_GLOBAL_WRITE_FORWARDING: "on" }, readSizing: () => undefined })).toContain("globalWriteForwarding: neither true nor false");
});

it("no other cluster knows of it", () => {
  const { secondary } = synthesized(sources({ blueprint: "streaming" }));
  expect(resources(secondary, "aws_rds_cluster").map(({ values }) => values["enable_global_write_forwarding"])).toEqual([undefined]);
});
