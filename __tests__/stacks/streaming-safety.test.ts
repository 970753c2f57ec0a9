import { describe, expect, it } from "vitest";
import { streamingProduction, streamingStaging } from "../support/streaming-stacks.ts";
import { policyStatements } from "../support/policy-statements.ts";
import { only, resources } from "../support/synthesized-stacks.ts";

const stack = streamingProduction().primary;
const staging = streamingStaging().primary;

describe("the container service", () => {
  const service = only(stack, "aws_ecs_service");
  const task = only(stack, "aws_ecs_task_definition");
  const [container] = JSON.parse(String(task["container_definitions"])) as Record<string, unknown>[];

  it("stands in private subnets, without an address of its own", () => {
    expect(service["network_configuration"]).toMatchObject({ assign_public_ip: false, subnets: [0, 1, 2].map(() => expect.stringContaining("private-")) });
  });

  it("rolls a deployment back that does not come up, and lets scaling move its size", () => {
    expect(service["deployment_circuit_breaker"]).toEqual({ enable: true, rollback: true });
    expect(service["lifecycle"]).toEqual({ ignore_changes: ["desired_count"] });
    expect(service["propagate_tags"]).toBe("SERVICE");
  });

  it("takes a revision that was registered elsewhere for its own", () => {
    expect(task["track_latest"]).toBe(true);
  });

  it("writes nowhere but to its scratch folder, and knows secrets by their ARN only", () => {
    expect(container).toMatchObject({ readonlyRootFilesystem: true, mountPoints: [{ containerPath: "/scratch" }] });
    expect(container).not.toHaveProperty("secrets");
    expect(JSON.stringify(container)).not.toContain("secret_string");
  });

  it("runs the user's image with its own command, and may pull it when it is of a private registry", () => {
    const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app:1.2";
    const own = streamingProduction({}, { image }).primary;
    const [ours] = JSON.parse(String(only(own, "aws_ecs_task_definition")["container_definitions"])) as Record<string, unknown>[];
    expect(ours).toMatchObject({ image });
    expect(ours).not.toHaveProperty("command");
    const starts = resources(own, "aws_iam_role_policy").find(({ values }) => values["name"] === "start-tasks");
    expect(policyStatements(String(starts?.values["policy"])).find(({ Sid }) => Sid === "Image")?.Resource).toEqual([
      "arn:aws:ecr:us-east-1:123456789012:repository/team/app",
    ]);
  });

  it("is measured task by task", () => {
    expect(only(stack, "aws_ecs_cluster")["setting"]).toEqual([{ name: "containerInsights", value: "enabled" }]);
  });
});

describe("the serverless database", () => {
  const cluster = only(stack, "aws_rds_cluster");

  it("is encrypted with the stack's own key, on disk and on the wire", () => {
    expect(cluster).toMatchObject({ storage_encrypted: true, kms_key_id: expect.stringContaining("database-key") });
    // The engine's own value from 17 on.
    expect(only(stack, "aws_rds_cluster_parameter_group")["parameter"]).toEqual([{ name: "log_min_duration_statement", value: "1000" }]);
    const before = only(streamingProduction({}, { postgresEngineVersion: "16.8" }).primary, "aws_rds_cluster_parameter_group");
    expect(before["parameter"]).toContainEqual({ name: "rds.force_ssl", value: "1", apply_method: "pending-reboot" });
  });

  it("takes passwords only: nobody has a grant for the other way in", () => {
    expect(cluster).not.toHaveProperty("iam_database_authentication_enabled");
  });

  it("may become another major version only while one is asked for", () => {
    expect(cluster).not.toHaveProperty("allow_major_version_upgrade");
    expect(only(streamingProduction({}, { postgresEngineVersion: "17.9" }).primary, "aws_rds_cluster")).not.toHaveProperty("allow_major_version_upgrade");
    expect(only(streamingProduction({}, { postgresEngineVersion: "18.1" }).primary, "aws_rds_cluster")["allow_major_version_upgrade"]).toBe(true);
  });

  it("keeps its password in Secrets Manager by itself, and out of the state", () => {
    expect(cluster).toMatchObject({ manage_master_user_password: true, master_user_secret_kms_key_id: expect.stringContaining("database-key") });
    expect(cluster).not.toHaveProperty("master_password");
  });

  it("has encrypted logs before the first line, insights and monitoring", () => {
    expect(cluster["enabled_cloudwatch_logs_exports"]).toEqual(["postgresql"]);
    expect(cluster["depends_on"]).toEqual([expect.stringContaining("log-postgresql")]);
    for (const { values } of resources(stack, "aws_rds_cluster_instance"))
      expect(values).toMatchObject({
        performance_insights_enabled: true,
        performance_insights_kms_key_id: expect.stringContaining("database-key"),
        monitoring_interval: 30,
        publicly_accessible: false,
        auto_minor_version_upgrade: false,
        lifecycle: { ignore_changes: ["engine_version"] },
      });
  });

  it("outlives a mistake in production, and leaves nothing behind in staging", () => {
    expect(cluster).toMatchObject({ deletion_protection: true, skip_final_snapshot: false });
    expect(only(staging, "aws_rds_cluster")).toMatchObject({ deletion_protection: false, skip_final_snapshot: true });
    for (const [document, force] of [
      [stack, false],
      [staging, true],
    ] as const)
      for (const { values } of resources(document, "aws_s3_bucket")) expect(values["force_destroy"]).toBe(force);
  });
});

describe("functions", () => {
  const functions = resources(stack, "aws_lambda_function").map(({ values }) => values);

  it("are traced, log to a group that is there before, and lose no event without a word", () => {
    for (const one of functions)
      expect(one).toMatchObject({
        tracing_config: { mode: "Active" },
        kms_key_arn: expect.stringContaining("functions-key"),
        dead_letter_config: { target_arn: expect.stringContaining("aws_sqs_queue") },
        logging_config: { log_group: expect.stringContaining("aws_cloudwatch_log_group") },
      });
    expect(only(stack, "aws_sqs_queue")["kms_master_key_id"]).toMatch(/functions-key/);
    for (const { values } of resources(stack, "aws_cloudwatch_log_group")) expect(values["kms_key_id"]).toMatch(/logs-key/);
  });

  it("come from files beside the stack, by the hash that AWS answers", () => {
    for (const one of functions) {
      expect(one["filename"]).toMatch(/^functions\/[a-z-]+\.zip$/);
      expect(one["source_code_hash"]).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    }
  });

  it("read the stream so that one bad change stops nothing", () => {
    expect(only(stack, "aws_lambda_event_source_mapping")).toMatchObject({
      bisect_batch_on_function_error: true,
      maximum_retry_attempts: 5,
      destination_config: { on_failure: { destination_arn: expect.stringContaining("aws_sqs_queue") } },
      depends_on: [expect.stringContaining("aws_iam_role_policy")],
    });
  });

  it("are called by one rule and one bucket of this account only", () => {
    const permissions = resources(stack, "aws_lambda_permission").map(({ values }) => values);
    expect(permissions.map(({ principal }) => String(principal)).sort()).toEqual(["events.amazonaws.com", "s3.amazonaws.com"]);
    for (const one of permissions) expect(one).toMatchObject({ source_arn: expect.stringMatching(/^\$\{aws_/), source_account: expect.any(String) });
  });

  it("write only under their own prefix of the bucket, and read their own table", () => {
    const targets = resources(stack, "aws_iam_role_policy")
      .filter(({ values }) => values["name"] === "function")
      .flatMap(({ values }) => policyStatements(String(values["policy"])))
      .filter(({ Action }) => Action.includes("s3:PutObject"))
      .flatMap((statement) => statement.Resource.map((target) => target.split("/")[1]));
    expect(new Set(targets)).toEqual(new Set(["changes", "exports", "summaries"]));
  });

  it("what one writes calls none of the others but by the prefix that is meant", () => {
    expect(only(stack, "aws_s3_bucket_notification")["lambda_function"]).toMatchObject([{ filter_prefix: "changes/" }]);
  });
});

it("a role is assumed by one service, on behalf of this account where the service says whom it acts for", () => {
  for (const { values } of resources(stack, "aws_iam_role")) {
    const trust = String(values["assume_role_policy"]);
    expect(trust).toMatch(/"Principal":\{"Service":"[a-z0-9.-]+\.amazonaws\.com"\}/);
    expect(trust).toContain("aws:SourceAccount");
  }
});
