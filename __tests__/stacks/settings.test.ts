import { describe, expect, it } from "vitest";
import { UserError } from "../../contract/user-error.ts";
import type { StackComponents } from "../../stacks/blueprints/blueprint.ts";
import { chosenDatabase } from "../../stacks/settings/chosen-components.ts";
import { rules } from "../../stacks/settings/settings-rules.ts";
import { readSettings, type SettingsSources } from "../../stacks/settings/settings.ts";
import { settingsWarnings } from "../../stacks/settings/settings-warnings.ts";
import { certificates, sources, stateBucket } from "../support/synthesized-stacks.ts";

const elsewhere = "arn:aws:acm:eu-west-1:123456789012:certificate/of-nobody";

function refusal(from: SettingsSources): string {
  try {
    readSettings(from);
  } catch (error) {
    if (error instanceof UserError && error.code === "bad-settings") return error.message;
    throw error;
  }
  throw new Error("the settings were taken");
}

describe("settings", () => {
  it("without any source are a staging environment of the blueprint saas in two regions", () => {
    const settings = readSettings({ variables: {}, readSizing: () => undefined });
    expect(settings).toMatchObject({ environment: "staging", suffix: "staging", lifetime: "disposable" });
    expect(settings.stacks.map(({ name, region, cidr }) => ({ name, region, cidr }))).toEqual([
      { name: "primary", region: "us-east-1", cidr: "10.10.0.0/16" },
      { name: "secondary", region: "us-west-2", cidr: "10.20.0.0/16" },
    ]);
  });

  it("production is protected and called prod", () => {
    expect(readSettings(sources())).toMatchObject({ suffix: "prod", lifetime: "protected" });
  });

  it("variables win over the file, context wins over variables", () => {
    const from = {
      ...sources({ owner: "file", project: "file", costCenter: "file" }),
      variables: { TAP_OWNER: "shell", TAP_PROJECT: "shell" },
      context: { owner: "context" },
    };
    expect(readSettings(from)).toMatchObject({ owner: "context", project: "shell", costCenter: "file" });
  });

  it("context sizes win over the sizing file, which wins over the configuration file", () => {
    const from = {
      ...sources(
        { sizing: { primary: { compute: { instanceType: "m5.2xlarge", minSize: 3, maxSize: 40 } } } },
        { "prod/primary.json": { version: 1, compute: { instanceType: "m5.xlarge", minSize: 4 } } },
      ),
      context: { sizing: { primary: { compute: { instanceType: "m5.large" } } } },
    };
    expect(readSettings(from).stacks[0]?.components.compute).toMatchObject({ instanceType: "m5.large", minSize: 4, maxSize: 40, desiredCapacity: 15 });
  });

  it("a third region gets a stack named after it", () => {
    const stacks = readSettings({ variables: { TAP_REGIONS: "eu-west-1, eu-central-1,us-east-2" }, readSizing: () => undefined }).stacks;
    expect(stacks.map(({ name, peerRegions }) => ({ name, peerRegions }))).toEqual([
      { name: "primary", peerRegions: ["eu-central-1", "us-east-2"] },
      { name: "secondary", peerRegions: ["eu-west-1"] },
      { name: "secondary-us-east-2", peerRegions: ["eu-west-1"] },
    ]);
  });

  it("a variable that is set to nothing says nothing", () => {
    expect(readSettings({ variables: { TAP_OWNER: "", TAP_REGIONS: "" }, readSizing: () => undefined })).toMatchObject({ owner: "platform" });
  });

  it("a state bucket may do without a key of its own", () => {
    expect(readSettings(sources({ state: { bucket: "tap-state", region: "eu-west-1" } })).state).toEqual({ bucket: "tap-state", region: "eu-west-1" });
  });

  it("a certificate serves the region in its ARN", () => {
    const from = { variables: { TAP_ENVIRONMENT: "production", TAP_CERTIFICATE_ARN: certificates.toReversed().join(",") }, readSizing: () => undefined };
    expect(readSettings(from).stacks.map((stack) => stack.certificateArn)).toEqual(certificates);
  });

  it("sizing files of two suffixes never mix", () => {
    const files: string[] = [];
    readSettings({ variables: { TAP_SUFFIX: "blue" }, readSizing: (file) => void files.push(file) });
    expect(files).toEqual(["blue/primary.json", "blue/secondary.json"]);
  });
});

describe("the database's version", () => {
  const warnings = (configuration: object) => settingsWarnings(readSettings(sources({ state: stateBucket, ...configuration })));

  it.each(["production", "staging", "demo"])("is the requirement's, in %s too, with a warning that names the setting of its successor", (environment) => {
    expect(readSettings(sources({ environment })).stacks[0]?.components.aurora?.engineVersion).toBe("8.0.mysql_aurora.3.04.0");
    expect(warnings({ environment })).toMatchObject([
      {
        path: "auroraEngineVersion",
        message: expect.stringContaining("standard support until 2026-10-31"),
        hint: expect.stringContaining("TAP_AURORA_ENGINE_VERSION=8.0.mysql_aurora.3.10.0"),
      },
    ]);
  });

  it("may be the one that the warning names", () => {
    const variables = { TAP_AURORA_ENGINE_VERSION: "8.0.mysql_aurora.3.10.0" };
    expect(readSettings({ variables, readSizing: () => undefined }).stacks[0]?.components.aurora?.engineVersion).toBe("8.0.mysql_aurora.3.10.0");
  });

  it("is warned of when it is no long-term release, and not when it is the recommended one", () => {
    expect(warnings({ auroraEngineVersion: "8.0.mysql_aurora.3.08.2" })).toMatchObject([{ message: expect.stringContaining("no long-term release") }]);
    expect(warnings({ auroraEngineVersion: "8.0.mysql_aurora.3.10.3" })).toEqual([]);
  });
});

it.each(["g4dn.xlarge", "m5.large", "c6i.large", "r7a.large"])("%s runs an x86_64 image", (instanceType) => {
  expect(() => readSettings(sources({ sizing: { primary: { compute: { instanceType } } } }))).not.toThrow();
});

it.each(["a1.large", "t4g.large", "c7gn.large", "g5g.xlarge", "im4gn.large"])("%s does not", (instanceType) => {
  expect(refusal(sources({ sizing: { primary: { compute: { instanceType } } } }))).toContain("is of arm64");
});

describe("the last copy of the database's password", () => {
  const givenUp = (...stacks: readonly string[]) => Object.fromEntries(stacks.map((stack) => [`prod/${stack}.json`, { version: 1, regionAbsent: true }]));
  const newest = { auroraEngineVersion: "8.0.mysql_aurora.3.10.3", cidr: {}, state: stateBucket };
  const three = { ...newest, regions: ["us-east-1", "us-west-2", "eu-west-1"], certificateArn: [...certificates, elsewhere] };

  it("is the user's to remove, since Terraform does not see that it should go", () => {
    expect(settingsWarnings(readSettings(sources(newest, givenUp("secondary"))))).toMatchObject([
      { path: "regionAbsent", hint: expect.stringContaining("--secret-id tap-prod-aurora --remove-replica-regions us-west-2") },
    ]);
    expect(settingsWarnings(readSettings(sources(three, givenUp("secondary", "secondary-eu-west-1"))))).toMatchObject([
      { hint: expect.stringContaining("us-west-2 eu-west-1") },
    ]);
  });

  it("is no matter while another is left, or where there never was one", () => {
    expect(settingsWarnings(readSettings(sources(three, givenUp("secondary"))))).toEqual([]);
    expect(settingsWarnings(readSettings(sources({ ...newest, regions: ["us-east-1"], certificateArn: certificates.slice(0, 1) })))).toEqual([]);
    const gone = { ...givenUp("secondary"), "prod/primary.json": { version: 1, aurora: { absent: true } } };
    expect(settingsWarnings(readSettings(sources(newest, gone)))).toEqual([]);
  });
});

describe("settings that a blueprint itself could get wrong", () => {
  const [primary] = readSettings(sources()).stacks;
  const found = (components: Partial<StackComponents>): readonly string[] => {
    if (primary === undefined) throw new Error("no stack");
    const stack = { ...primary, components: { ...primary.components, ...components } };
    return rules.flatMap((rule) => rule({ ...readSettings(sources()), stacks: [stack] })).map(({ path, message }) => `${path}: ${message}`);
  };
  const table = {
    key: "orders",
    scope: "regional",
    tableType: "events",
    dataClassification: "internal",
    stream: true,
    billing: { mode: "PAY_PER_REQUEST" },
  } as const;

  it("one attribute with two types", () => {
    const [text, number] = [{ hash: { name: "day" } }, { hash: { name: "day", type: "N" } }] as const;
    expect(found({ tables: [{ ...table, primaryKey: text, indexes: [{ name: "by-day", key: number }] }] })).toEqual([
      "primary: tables.orders: day has two types",
    ]);
    expect(found({ tables: [{ ...table, primaryKey: text, indexes: [{ name: "by-day", key: text }] }] })).toEqual([]);
  });

  it("a database is chosen only where there is one", () => {
    expect(chosenDatabase(null, { databaseInsights: "advanced" })).toBeNull();
  });
});

describe("wrong settings", () => {
  it("are reported all at once, each with its path and a hint", () => {
    const message = refusal({
      configFile: { regions: "us-east-1", colour: "red" },
      variables: { TAP_ENVIRONMENT: "production", TAP_SUFFIX: "Prod_1", TAP_CIDR: "us-east-1=10.0.0.0/8" },
      readSizing: (file) => (file.endsWith("primary.json") ? { version: 1, compute: { minSize: -1 } } : undefined),
    });
    expect(message).toContain("tap.config.json: regions: Invalid input");
    expect(message).toContain('Unrecognized key: "colour"');
    expect(message).toContain("TAP_* variables: suffix: not of lower-case letters");
    expect(message).toMatch(/sizing\/\w+\/primary\.json: compute\.minSize/);
    expect(message.split("\n  - ").length - 1).toBeGreaterThanOrEqual(4);
  });

  it.each([
    ["one CIDR inside another", { cidr: { "us-west-2": "10.10.64.0/18" } }, "10.10.64.0/18 overlaps 10.10.0.0/16 of us-east-1"],
    ["a CIDR with host bits", { cidr: { "us-west-2": "10.20.1.0/16" } }, "10.20.1.0/16 cannot be cut into subnets"],
    ["a CIDR too small for nine subnets", { cidr: { "us-west-2": "10.20.0.0/21" } }, "10.20.0.0/21 cannot be cut into subnets"],
    ["a region named twice", { regions: ["us-east-1", "us-east-1"] }, "us-east-1 stands there twice"],
    ["production without a certificate", { certificateArn: certificates.slice(0, 1) }, "production has no certificate for us-west-2"],
    ["an environment name that no service takes", { environment: "a--b" }, "tap.config.json: environment"],
    ["prod typed for production", { environment: "prod" }, "the environment prod would have production's names"],
    ["fewer than three zones", { zones: { "us-east-1": ["a", "b"] } }, "zones.us-east-1: not three zones"],
    ["a zone named twice", { zones: { "us-east-1": ["a", "b", "b"] } }, "zones.us-east-1: names a zone twice"],
    ["a type that the image does not run on", { sizing: { primary: { compute: { instanceType: "m6g.4xlarge" } } } }, "m6g.4xlarge is of arm64"],
    ["an address that takes no mail", { alarmEmail: "ops" }, "alarmEmail: not an e-mail address"],
    ["another database's version", { auroraEngineVersion: "16.4" }, "auroraEngineVersion: not a version of Aurora MySQL 3"],
    ["insights that there are not", { databaseInsights: "deep" }, "databaseInsights: Invalid option"],
    ["a bucket name with capitals", { state: { bucket: "State", region: "us-east-1" } }, "state.bucket: not the name of a bucket"],
    ["a certificate of a region without a stack", { certificateArn: [...certificates, elsewhere] }, "certificateArn: no stack is in eu-west-1"],
    ["two certificates of a region", { certificateArn: [...certificates, ...certificates] }, "certificateArn: us-east-1 has more than one certificate"],
    ["a CIDR of a region without a stack", { cidr: { "eu-west-1": "10.30.0.0/16" } }, "cidr.eu-west-1: no stack is in eu-west-1"],
    ["zones of a region without a stack", { zones: { "eu-west-1": ["a", "b", "c"] } }, "zones.eu-west-1: no stack is in eu-west-1"],
    ["settings that are a text", "saas", "tap.config.json: Invalid input"],
    ["settings that are a list", [], "tap.config.json: Invalid input"],
    ["an unknown blueprint", { blueprint: "mesh" }, "tap.config.json: blueprint: Invalid"],
    ["a name longer than AWS takes", { suffix: "sixteen-letters-" }, "suffix: longer than 15 characters"],
    ["sizes for a stack that is not there", { sizing: { tertiary: {} } }, "sizing.tertiary: no stack has this name"],
  ])("%s", (_, configuration, expected) => {
    const given = Array.isArray(configuration) || typeof configuration === "string" ? { ...sources(), configFile: configuration } : sources(configuration);
    expect(refusal(given)).toContain(expected);
  });

  it("in one field hide none of another field, or between two", () => {
    const message = refusal(
      sources({ blueprint: "mesh", zones: { "us-east-1": ["a"] }, cidr: { "us-west-2": "10.10.0.0/16" }, certificateArn: certificates.slice(0, 1) }),
    );
    expect(message).toContain("4 problems");
    expect(message).toMatch(/blueprint: [^]*zones\.us-east-1: [^]*cidr\.us-west-2: [^]*certificateArn: /);
  });

  it("are not followed by what only comes of them", () => {
    expect(refusal(sources({ certificateArn: ["arn:aws:iam::123456789012:server-certificate/x"] }))).toContain("have a problem:");
    expect(refusal(sources({ regions: ["nowhere"], certificateArn: [elsewhere], cidr: { "eu-west-1": "10.30.0.0/16" } }))).toContain("have a problem:");
  });

  it("of a field that nobody knows hide nothing that begins like it", () => {
    const message = refusal(
      sources({ c: 1, primary: 1, certificateArn: certificates.slice(0, 1), sizing: { primary: { compute: { instanceType: "m6g.large" } } } }),
    );
    expect(message).toContain("certificateArn: production has no certificate for us-west-2");
    expect(message).toContain("primary: compute.instanceType: m6g.large is of arm64");
  });

  it("are looked for where they hold: an entry that a later source replaces is nobody's", () => {
    const west = { regions: ["us-east-1"], certificateArn: certificates.slice(0, 1) };
    expect(() => readSettings({ ...sources(), variables: {}, context: west })).not.toThrow();
    expect(refusal({ ...sources(), context: { ...west, certificateArn: [elsewhere] } })).toContain("context tap: certificateArn: no stack is in eu-west-1");
  });
});
