import { describe, expect, it } from "vitest";
import { blueprintNames } from "../../scripts/blueprints/examples.ts";
import { chargesOf } from "../../scripts/blueprints/monthly-cost.ts";
import { blueprintsPage } from "../../scripts/blueprints/page.ts";
import { picture } from "../../scripts/blueprints/picture.ts";
import { quotaNeeds } from "../../scripts/blueprints/quotas.ts";
import type { StackDocument } from "../../scripts/blueprints/stack-document.ts";
import { exampleStacks } from "../support/example-stacks.ts";

const stacks = exampleStacks();

it("docs/blueprints.md is what `npm run docs` makes of the stacks", async () => {
  const page = blueprintsPage(blueprintNames.map((blueprint) => ({ blueprint, stacks: stacks.filter((one) => one.blueprint === blueprint) })));
  await expect(page).toMatchFileSnapshot("../../docs/blueprints.md");
});

function stackWith(resource: StackDocument["resource"], region = "us-east-1"): StackDocument {
  return { provider: { aws: [{ region }] }, resource, output: {} };
}

describe("the list price at rest", () => {
  const group = (region: string) =>
    stackWith(
      {
        aws_autoscaling_group: { group: { desired_capacity: 3, launch_template: { id: "${aws_launch_template.app.id}" } } },
        aws_launch_template: { app: { instance_type: "m5.large" } },
      },
      region,
    );

  it("is that of the capacity that runs, for 730 hours", () => {
    expect(chargesOf(group("us-east-1"))).toEqual([{ component: "Instances", what: "3 × m5.large", monthlyUsd: expect.closeTo(3 * 0.096 * 730) }]);
  });

  it("is said to be unknown where the snapshot has no price", () => {
    expect(chargesOf(group("sa-east-1"))).toEqual([{ component: "Instances", what: "3 × m5.large", monthlyUsd: null }]);
  });

  it("of alarms goes by their metrics; what a query finds is not counted", () => {
    const metric = { metric: { metric_name: "Errors" } };
    const alarms = {
      plain: {},
      math: { metric_query: [{ expression: "a + b" }, metric, metric] },
      search: { metric_query: [{ expression: "SELECT SUM(Errors)" }] },
    };
    expect(chargesOf(stackWith({ aws_cloudwatch_metric_alarm: alarms }))).toMatchObject([{ what: "3 metrics, 0 composite", monthlyUsd: expect.closeTo(0.3) }]);
  });

  it("of a database with a standby is paid twice", () => {
    const database = { instance_class: "db.t3.small", multi_az: true, allocated_storage: 50, storage_type: "gp3" };
    expect(chargesOf(stackWith({ aws_db_instance: { database } }))).toEqual([
      { component: "MySQL", what: "db.t3.small, Multi-AZ", monthlyUsd: expect.closeTo(2 * 0.034 * 730) },
      { component: "MySQL's storage", what: "50 GB gp3, Multi-AZ", monthlyUsd: expect.closeTo(2 * 50 * 0.115) },
    ]);
  });
});

describe("Extended Support", () => {
  const supported = (values: object) =>
    chargesOf(stackWith({ aws_db_instance: { database: { instance_class: "db.t3.small", engine_version: "8.0", ...values } } })).filter(
      ({ component }) => component === "MySQL's Extended Support",
    );

  it("is paid by vCPU, and for a standby again", () => {
    expect(supported({ multi_az: true })).toEqual([
      { component: "MySQL's Extended Support", what: "8.0 after 2026-07-31: 4 vCPU, standby included", monthlyUsd: expect.closeTo(4 * 0.1 * 730) },
    ]);
    expect(supported({})).toMatchObject([{ what: "8.0 after 2026-07-31: 2 vCPU", monthlyUsd: expect.closeTo(2 * 0.1 * 730) }]);
  });

  it("of a class whose vCPUs nobody knows is said to be unknown, and of a supported version is none", () => {
    expect(supported({ instance_class: "db.z9.large" })).toMatchObject([{ what: "8.0 after 2026-07-31: vCPUs unknown", monthlyUsd: null }]);
    expect(supported({ engine_version: "8.4" })).toEqual([]);
  });
});

describe("the quotas", () => {
  const needsOf = (name: string) => {
    const found = stacks.find((one) => one.name === name && one.stack === "primary");
    return found === undefined ? [] : quotaNeeds(found.document).map(({ code, least, most, meanwhile }) => [code, least, most, meanwhile]);
  };

  it("of saas are its vCPUs in service, and those of the largest fleet while it is replaced", () => {
    expect(needsOf("saas-production")).toEqual([
      ["L-1216C47A", 240, 400, 448],
      ["L-0263D0A3", 3, 3, 3],
    ]);
  });

  it("of streaming are those of its tasks, twice while a deployment replaces them", () => {
    expect(needsOf("streaming-production")).toEqual([
      ["L-3032A538", 8, 24, 48],
      ["L-0263D0A3", 3, 3, 3],
    ]);
  });
});

describe("the picture", () => {
  it("draws who may connect to whom through the security groups they stand in", () => {
    const document = stackWith({
      aws_lb: { balancer: { security_groups: ["${aws_security_group.edge.id}"] } },
      aws_autoscaling_group: { group: { launch_template: { id: "${aws_launch_template.app.id}" } } },
      aws_launch_template: { app: { vpc_security_group_ids: ["${aws_security_group.app.id}"] } },
      aws_security_group: { edge: {}, app: {} },
      aws_vpc_security_group_ingress_rule: {
        public: { security_group_id: "${aws_security_group.edge.id}", cidr_ipv4: "0.0.0.0/0", from_port: 443 },
        inner: { security_group_id: "${aws_security_group.app.id}", referenced_security_group_id: "${aws_security_group.edge.id}", from_port: 8080 },
      },
    });
    const lines = picture([{ stack: "primary", environment: "production", document }]).split("\n");
    expect(lines.filter((line) => line.includes("-->"))).toEqual(['  internet -->|"443"| primary_balancer', '  primary_balancer -->|"8080"| primary_fleet']);
  });

  it("joins what one region copies from another", () => {
    const reference = "${data.terraform_remote_state.primary.outputs.cross-stack-output-tenants}";
    const primary = {
      ...stackWith({ aws_dynamodb_table: { tenants: {} } }),
      output: { "cross-stack-output-tenants": { value: "${aws_dynamodb_table.tenants.arn}" } },
    };
    const secondary = stackWith({ aws_dynamodb_table_replica: { tenants: { global_table_arn: reference } } }, "us-west-2");
    const drawn = picture([
      { stack: "primary", environment: "production", document: primary },
      { stack: "secondary", environment: "production", document: secondary },
    ]);
    expect(drawn).toContain('primary_tables <-.->|"global tables"| secondary_tables');
  });
});
