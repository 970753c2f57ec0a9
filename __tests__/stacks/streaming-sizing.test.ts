import { describe, expect, it } from "vitest";
import { UserError } from "../../contract/user-error.ts";
import type { Sizing } from "../../contract/sizing.ts";
import { readSettings } from "../../stacks/settings/settings.ts";
import { streamingProduction } from "../support/streaming-stacks.ts";
import { mapOutput, only, resources, sources, stacksOf, synthesized, type StackDocument } from "../support/synthesized-stacks.ts";

const sized = (primary: Omit<Sizing, "version">): StackDocument => streamingProduction({ primary }).primary;

function problems(configuration: object): string {
  try {
    readSettings(sources({ blueprint: "streaming", ...configuration }));
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return "";
}

describe("a size in the sizing file reaches the stack", () => {
  it("the service's", () => {
    const stack = sized({ services: { app: { cpu: 512, memoryMib: 1024, minCount: 3, desiredCount: 3, maxCount: 9 } } });
    expect(only(stack, "aws_ecs_task_definition")).toMatchObject({ cpu: "512", memory: "1024" });
    expect(only(stack, "aws_ecs_service")["desired_count"]).toBe(3);
    expect(only(stack, "aws_appautoscaling_target")).toMatchObject({ min_capacity: 3, max_capacity: 9 });
  });

  it("the serverless database's, under the name that every cluster has", () => {
    const stack = sized({ aurora: { minAcu: 1, maxAcu: 4, backupRetentionDays: 7, instances: { "tap-prod-aurora-3": { absent: true } } } });
    expect(only(stack, "aws_rds_cluster")).toMatchObject({
      backup_retention_period: 7,
      serverlessv2_scaling_configuration: { min_capacity: 1, max_capacity: 4 },
    });
    expect(resources(stack, "aws_rds_cluster_instance")).toHaveLength(2);
  });

  it("the table's: paid by request", () => {
    const table = only(sized({ tables: { events: { billingMode: "PAY_PER_REQUEST" } } }), "aws_dynamodb_table");
    expect(table).toMatchObject({ billing_mode: "PAY_PER_REQUEST" });
    expect(table).not.toHaveProperty("read_capacity");
  });

  it("a function's, of that function alone", () => {
    const stack = sized({ functions: { ingest: { memoryMib: 1024, timeoutSeconds: 300, reservedConcurrency: 20 } } });
    const functions = resources(stack, "aws_lambda_function").map(({ values }) => values);
    expect(functions.find(({ function_name }) => function_name === "tap-prod-ingest")).toMatchObject({
      memory_size: 1024,
      timeout: 300,
      reserved_concurrent_executions: 20,
    });
    expect(functions.filter(({ memory_size }) => memory_size === 3008)).toHaveLength(2);
  });

  it("the bucket's: where objects move to", () => {
    const stack = sized({ dataBucket: { transition: { storageClass: "STANDARD_IA", afterDays: 30 } } });
    const rules = resources(stack, "aws_s3_bucket_lifecycle_configuration").flatMap(({ values }) => values["rule"]);
    expect(rules.filter((rule) => JSON.stringify(rule).includes("storage-class"))).toMatchObject([
      { transition: [{ days: 30, storage_class: "STANDARD_IA" }] },
    ]);
  });

  it("what is absent, the application is neither told of nor allowed", () => {
    const stack = sized({ redis: { absent: true }, aurora: { absent: true }, tables: { events: { stream: "off" } }, dataBucket: {} });
    const container = String(only(stack, "aws_ecs_task_definition")["container_definitions"]);
    for (const gone of ["CACHE_HOST", "DATABASE_HOST", "DATABASE_SECRET_ARN"]) expect(container).not.toContain(gone);
    expect(container).toContain("TABLE_EVENTS");
    expect(JSON.stringify(stack.resource["aws_iam_role_policy"])).not.toMatch(/secretsmanager|elasticache|GetShardIterator/);
    expect(resources(stack, "aws_lambda_event_source_mapping")).toEqual([]);
    expect(resources(stack, "aws_lambda_function")).toHaveLength(3);
  });

  it("an application without a bucket is told of none", () => {
    const settings = readSettings(sources({ blueprint: "streaming" }));
    const withoutBucket = settings.stacks.map((stack) => ({ ...stack, components: { ...stack.components, dataBucket: null, functions: [] } }));
    for (const { stack } of stacksOf({ ...settings, stacks: withoutBucket })) {
      const container = String(only(stack, "aws_ecs_task_definition")["container_definitions"]);
      expect(container).toContain("TABLE_EVENTS");
      expect(container).not.toContain("DATA_BUCKET");
    }
  });

  it("absence of the database takes its outputs and alarms along", () => {
    const stack = sized({ aurora: { absent: true } });
    expect(resources(stack, "aws_rds_cluster")).toEqual([]);
    expect(Object.keys(stack.output).filter((name) => name.startsWith("aurora"))).toEqual([]);
    expect(Object.keys(mapOutput(stack, "components")).filter((path) => path.startsWith("aurora"))).toEqual([]);
    expect(JSON.stringify(stack.resource["aws_cloudwatch_metric_alarm"])).not.toContain("aurora");
  });
});

describe("a size that does not fit is a problem", () => {
  it.each([
    [{ services: { app: { cpu: 1000 } } }, "primary: services.app.cpu: Fargate has no task of 1000 CPU units"],
    [{ services: { app: { cpu: 256, memoryMib: 4096 } } }, "with 256 CPU units choose 512, 1024, 2048"],
    [{ services: { app: { cpu: 4096, memoryMib: 4096 } } }, "choose 8192, 9216 … 30720"],
    [{ services: { app: { desiredCount: 30 } } }, "minCount 8, desiredCount 30 and maxCount 24 are not in this order"],
    [{ services: { api: {} } }, "services.api: the stack has no such service"],
    [{ aurora: { minAcu: 1.2 } }, "1.2 is not a multiple of 0.5"],
    [{ aurora: { minAcu: 32 } }, "minAcu 32 is more than maxAcu 16"],
    [{ aurora: { minAcu: 0.5, maxAcu: 0.5 } }, "0.5 is no maximum that Aurora takes"],
    [{ aurora: { instances: { "tap-prod-aurora-9": { absent: true } } } }, "the cluster has no such instance"],
    [{ aurora: { instances: { "tap-prod-aurora-1": { instanceClass: "db.r6g.large" } } } }, "a serverless instance has no class of its own"],
    [
      { aurora: { instances: Object.fromEntries([1, 2, 3].map((n) => [`tap-prod-aurora-${n}`, { absent: true as const }])) } },
      "primary: aurora.instances: no instance is left",
    ],
    [{ functions: { ingest: { memoryMib: 64 } } }, "functions.ingest.memoryMib: Lambda takes no 64"],
    [{ functions: { ingest: { timeoutSeconds: 901 } } }, "choose 1 to 900"],
    [{ functions: { resize: {} } }, "the stack has no such function"],
    [{ dataBucket: { transition: { storageClass: "STANDARD_IA", afterDays: 7 } } }, "STANDARD_IA takes no object of 7 days"],
    [{ compute: { minSize: 1 } }, "the stack has no Auto Scaling group"],
  ] satisfies readonly (readonly [Omit<Sizing, "version">, string])[])("%j", (primary, expected) => {
    expect(problems({ sizing: { primary } })).toContain(expected);
  });

  it("of functions that were not wanted", () => {
    expect(problems({ functions: false, sizing: { primary: { functions: { ingest: {} } } } })).toContain("functions.ingest: the stack has no such function");
  });

  it("where the stack has no such component", () => {
    const message = (() => {
      try {
        readSettings(sources({ sizing: { primary: { services: { app: {} }, functions: { ingest: {} }, dataBucket: {} } } }));
      } catch (error) {
        return error instanceof UserError ? error.message : "";
      }
      return "";
    })();
    for (const part of ["services.app: the stack has no such service", "functions.ingest: the stack has no such function", "no bucket for data"])
      expect(message).toContain(part);
  });
});

describe("what the user may choose", () => {
  it.each([
    [{ image: "nginx" }, "image: not an image with its registry and a tag or digest"],
    [{ image: "public.ecr.aws/nginx/nginx" }, "image: not an image with its registry"],
    [{ postgresEngineVersion: "17" }, "postgresEngineVersion: not a version of Aurora PostgreSQL"],
    [{ functions: "all" }, "tap.config.json: functions"],
  ])("%j is refused", (configuration, expected) => {
    expect(problems(configuration)).toContain(expected);
  });

  it("the database's version, and with it the family of its parameters", () => {
    const { primary } = streamingProduction({}, { postgresEngineVersion: "16.11" });
    expect(only(primary, "aws_rds_cluster")["engine_version"]).toBe("16.11");
    expect(only(primary, "aws_rds_cluster_parameter_group")["family"]).toBe("aurora-postgresql16");
  });

  it("functions where there are some anyway change nothing", () => {
    expect(readSettings(sources({ blueprint: "streaming", functions: true }))).toEqual(readSettings(sources({ blueprint: "streaming" })));
  });

  it("no functions", () => {
    const { primary } = streamingProduction({}, { functions: false });
    expect(resources(primary, "aws_lambda_function")).toEqual([]);
    expect(resources(primary, "aws_sqs_queue")).toEqual([]);
    expect(Object.keys(primary.output)).not.toContain("function_names");
  });

  it("in a blueprint without functions: one that writes every change of the stack's own tables to a bucket", () => {
    const { primary, secondary } = synthesized(sources({ functions: true }));
    expect(resources(primary, "aws_lambda_event_source_mapping")).toHaveLength(3);
    // The others are copies: their changes are written where they are owned.
    expect(resources(secondary, "aws_lambda_event_source_mapping")).toHaveLength(1);
    expect(primary.output["function_names"]?.value).toHaveLength(1);
    expect(primary.output).toHaveProperty("data_bucket_name");
  });
});
