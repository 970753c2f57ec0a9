import { describe, expect, it } from "vitest";
import { readSettings } from "../../stacks/settings/settings.ts";
import { settingsWarnings } from "../../stacks/settings/settings-warnings.ts";
import { exampleStacks } from "../support/example-stacks.ts";
import { only, resources, sources, stateBucket, synthesized } from "../support/synthesized-stacks.ts";
import { web, webSources } from "../support/web-stacks.ts";

describe.each(exampleStacks())("$name: $stack", ({ document }) => {
  it("tags each table, copies included, with its type and the class of its data", () => {
    const tables = [...resources(document, "aws_dynamodb_table"), ...resources(document, "aws_dynamodb_table_replica")];
    expect(tables.length).toBeGreaterThan(0);
    for (const { values } of tables)
      expect(values["tags"]).toEqual({
        TableType: expect.stringMatching(/^(?:tenants|users|audit-log|sessions|events)$/),
        DataClassification: expect.stringMatching(/^(?:internal|confidential|restricted)$/),
      });
  });
});

it("a copy of a table has the tags of the table", () => {
  const { primary, secondary } = synthesized(sources());
  const tagsOf = (address: string, document: typeof primary) => resources(document).find((one) => one.address.startsWith(address))?.values["tags"];
  for (const key of ["tenants", "users"])
    expect(tagsOf(`aws_dynamodb_table_replica.table-${key}`, secondary)).toEqual(tagsOf(`aws_dynamodb_table.table-${key}`, primary));
});

it("web writes the application's log and the network's to the groups that the requirement names", () => {
  for (const document of Object.values(web({ suffix: "blue" }))) {
    const names = resources(document, "aws_cloudwatch_log_group").map(({ values }) => values["name"]);
    expect(names).toEqual(expect.arrayContaining(["/aws/app/blue", "/aws/vpc/flowlogs/blue"]));
  }
});

describe("instances in the account's default VPC", () => {
  const byDefault = { network: "default", peering: "none", rdsEngineVersion: "8.4", state: stateBucket };
  const warnings = (configuration: object) => settingsWarnings(readSettings(webSources({ ...byDefault, ...configuration })));

  it("have the public addresses of its subnets, which are their only way out, and a warning says so", () => {
    expect(only(web(byDefault).primary, "aws_launch_template")).not.toHaveProperty("network_interfaces");
    expect(warnings({})).toMatchObject([
      { path: "network", message: expect.stringContaining("public addresses"), hint: expect.stringContaining("TAP_PUBLIC_ADDRESSES=false") },
    ]);
  });

  it("have none where it has another way out, and a warning says which it needs", () => {
    const template = only(web({ ...byDefault, publicAddresses: false }).primary, "aws_launch_template");
    expect(template).not.toHaveProperty("vpc_security_group_ids");
    expect(template["network_interfaces"]).toEqual([
      { associate_public_ip_address: "false", delete_on_termination: "true", security_groups: [expect.stringContaining("aws_security_group.app-firewall")] },
    ]);
    expect(warnings({ publicAddresses: false })).toMatchObject([{ path: "publicAddresses", hint: expect.stringContaining("secretsmanager") }]);
  });

  it("are no matter in a network of the stack's own", () => {
    expect(warnings({ network: "managed" })).toEqual([]);
  });
});

describe("a domain over regions that hold nothing of each other", () => {
  const domainWarnings = (configuration: object) =>
    settingsWarnings(readSettings(sources({ blueprint: "streaming", domain: "events.example.com", state: stateBucket, ...configuration })));

  it("is warned of: who fails over sees other data", () => {
    expect(domainWarnings({})).toMatchObject([{ path: "domain", message: expect.stringContaining("us-east-1 and us-west-2 hold nothing of each other") }]);
  });

  it("is no matter in one region, or where the data is the same", () => {
    expect(domainWarnings({ regions: ["us-east-1"], certificateArn: ["arn:aws:acm:us-east-1:123456789012:certificate/primary"] })).toEqual([]);
    expect(domainWarnings({ blueprint: "web", rdsEngineVersion: "8.4" })).toEqual([]);
    expect(domainWarnings({ blueprint: "saas", auroraEngineVersion: "8.0.mysql_aurora.3.10.0" })).toEqual([]);
  });
});
