import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readSettings, type SettingsSources } from "../../stacks/settings/settings.ts";
import { only, resources, sources, synthesized, type StackDocument } from "../support/synthesized-stacks.ts";
import { refusal } from "../support/web-stacks.ts";

const own = "#!/bin/bash\nsystemctl start shop\n";

/** Production of `saas` with files beside it. */
function withFile(content: string | Uint8Array, configuration: object = {}): SettingsSources {
  return {
    ...sources({ userDataFile: "boot.sh", ...configuration }),
    readFile: (path) => (path === "boot.sh" ? Buffer.from(content) : undefined),
  };
}

function userDataOf(document: StackDocument): string {
  return Buffer.from(String(only(document, "aws_launch_template")["user_data"]), "base64").toString("utf8");
}

const statementsSchema = z.object({ Statement: z.array(z.object({ Sid: z.string(), Action: z.unknown() })) });

function sids(document: StackDocument, name: string): readonly string[] {
  const policy = resources(document, "aws_iam_role_policy").find(({ values }) => String(values["role"]).includes(name) && values["name"] === "app");
  return statementsSchema.parse(JSON.parse(String(policy?.values["policy"]))).Statement.map(({ Sid }) => Sid);
}

describe("the image of the instances", () => {
  const imageIn = (configuration: object) => {
    const { primary, secondary } = synthesized(sources(configuration));
    return [primary, secondary].map((document) => only(document, "aws_launch_template")["image_id"]);
  };

  it("is the newest Amazon Linux unless another is named", () => {
    const newest = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
    expect(imageIn({})).toEqual([newest, newest]);
  });

  it("may be one that an SSM parameter names in each region, with its version or label", () => {
    expect(imageIn({ ami: "/shop/ami:stable" })).toEqual(["resolve:ssm:/shop/ami:stable", "resolve:ssm:/shop/ami:stable"]);
  });

  it("may be an AMI of each region", () => {
    const ami = { "us-east-1": "ami-0123456789abcdef0", "us-west-2": "/shop/ami" };
    expect(imageIn({ ami })).toEqual(["ami-0123456789abcdef0", "resolve:ssm:/shop/ami"]);
    const variables = { TAP_AMI: "us-east-1=ami-0123456789abcdef0,us-west-2=ami-abcdef01" };
    expect(readSettings({ variables, readSizing: () => undefined }).stacks.map(({ components }) => components.compute?.application.image)).toEqual([
      { kind: "id", id: "ami-0123456789abcdef0" },
      { kind: "id", id: "ami-abcdef01" },
    ]);
  });

  it("is asked of AWS at each plan whether it is there, and of the instances' architecture", () => {
    const byId = synthesized(sources({ ami: { "us-east-1": "ami-0123456789abcdef0", "us-west-2": "/shop/ami" } }));
    const [image, other] = [byId.primary, byId.secondary].map((document) => Object.values(document.data["aws_ami"] ?? {})[0]);
    expect(image).toMatchObject({
      filter: [{ name: "image-id", values: ["ami-0123456789abcdef0"] }],
      lifecycle: { postcondition: [{ condition: '${self.architecture == "x86_64"}', error_message: expect.stringContaining("amiArchitecture") }] },
    });
    expect(JSON.stringify(other?.["filter"])).toContain("${data.aws_ssm_parameter.");
    expect(synthesized(sources()).primary.data).not.toHaveProperty("aws_ami");
  });

  const graviton = (configuration: object) =>
    sources({ sizing: { primary: { compute: { instanceType: "m6g.4xlarge" } }, secondary: { compute: { instanceType: "m6g.4xlarge" } } }, ...configuration });

  it.each([
    ["said", { amiArchitecture: "arm64" }],
    ["named by its parameter", { ami: "/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id" }],
    ["said of an id", { ami: { "us-east-1": "ami-abcdef01", "us-west-2": "ami-abcdef02" }, amiArchitecture: "arm64" }],
  ])("runs on Graviton where it is of arm64: %s", (_, configuration) => {
    expect(() => readSettings(graviton(configuration))).not.toThrow();
  });

  it.each([
    [
      "arm64 by its parameter's name, on Intel",
      sources({ ami: "/shop/base-aarch64" }),
      "primary: compute.instanceType: m5.4xlarge is of x86_64, the group's image is of arm64",
    ],
    ["said to be arm64, on Intel", sources({ amiArchitecture: "arm64" }), "m5.4xlarge is of x86_64"],
    ["amd64 by its parameter's name, on Graviton", graviton({ ami: "/shop/base/amd64" }), "m6g.4xlarge is of arm64"],
    [
      "said to be what its name denies",
      graviton({ ami: "/shop/base-x86_64", amiArchitecture: "arm64" }),
      "amiArchitecture: /shop/base-x86_64 is not of arm64, by its name",
    ],
    ["one id for two regions", sources({ ami: "ami-abcdef01" }), "ami: ami-abcdef01 is an AMI of one region, and the stacks are in us-east-1 and us-west-2"],
    ["of one region of two", sources({ ami: { "us-east-1": "ami-abcdef01" } }), "ami.us-west-2: the region has no AMI"],
    [
      "of a region without a stack",
      sources({ ami: { "us-east-1": "ami-abcdef01", "us-west-2": "ami-abcdef02", "eu-west-1": "ami-abcdef03" } }),
      "ami.eu-west-1: no stack is in eu-west-1",
    ],
    ["no AMI's id", sources({ ami: "ami-xyz" }), "tap.config.json: ami: neither the id of an AMI nor"],
    ["no AMI's id in a region", sources({ ami: { "us-east-1": "ami-1" } }), "tap.config.json: ami.us-east-1: neither the id of an AMI nor"],
    ["a number", sources({ ami: 1 }), "tap.config.json: ami: neither the id of an AMI nor"],
    ["of a third architecture", sources({ amiArchitecture: "riscv" }), "amiArchitecture: not one of the architectures: x86_64, arm64"],
  ])("is refused: %s", (_, from, expected) => {
    expect(refusal(from)).toContain(expected);
  });

  it("of a region that was given up is nobody's", () => {
    const from = sources({ ami: "ami-abcdef01" }, { "prod/secondary.json": { version: 1, regionAbsent: true } });
    expect(() => readSettings(from)).not.toThrow();
  });

  it("follows from no field that was refused anyway", () => {
    expect(refusal(sources({ regions: ["nowhere"], ami: "ami-abcdef01", certificateArn: [] }))).not.toContain("is an AMI of one region");
    expect(refusal(sources({ blueprint: "mesh", image: "public.ecr.aws/nginx/nginx:1.27" }))).toContain("have a problem:");
  });
});

describe("the user data", () => {
  it("of the user's own runs after the agent's, in place of the page server", () => {
    const { primary } = synthesized(withFile(own));
    const text = userDataOf(primary);
    expect(text).toMatch(/^Content-Type: multipart\/mixed; boundary="([^"]+)"\nMIME-Version: 1\.0\n\n--\1\n/);
    expect(text.match(/Content-Type: text\/x-shellscript/g)).toHaveLength(2);
    expect(text.indexOf("tap-agent.service")).toBeLessThan(text.indexOf(own));
    expect(text).not.toContain("tap-first-page");
  });

  it("may be cloud-config, and may come from the shell", () => {
    const variables = { TAP_USER_DATA_FILE: "boot.yaml" };
    const { stacks } = readSettings({ variables, readSizing: () => undefined, readFile: () => Buffer.from("#cloud-config\nruncmd: [shop]\n") });
    expect(stacks[0]?.components.compute?.application.firstBoot?.contentType).toBe("text/cloud-config");
  });

  it("is the agent's alone where an image of the user's answers", () => {
    const text = userDataOf(synthesized(sources({ ami: "/shop/ami" })).primary);
    expect(text).toMatch(/^#!\/bin\/bash\n/);
    expect(text).not.toContain("tap-first-page");
  });

  it.each([
    ["not there", sources({ userDataFile: "gone.sh" }), "userDataFile: gone.sh is not there"],
    ["over 16 KiB", withFile(`#!/bin/bash\n${"#".repeat(16 * 1024)}`), "userDataFile: boot.sh has 16396 bytes, EC2 takes 16384"],
    ["over 16 KiB with ours", withFile(`#!/bin/bash\n${"#".repeat(15_900)}`), "userDataFile: with what installs the CloudWatch agent it makes"],
    ["compressed", withFile(Uint8Array.of(0x1f, 0x8b, 8, 0, 0xff)), "userDataFile: boot.sh is no text in UTF-8"],
    ["with a NUL in it", withFile("#!/bin/bash\n\0"), "userDataFile: boot.sh is no text in UTF-8"],
    ["nothing that cloud-init knows", withFile("systemctl start shop\n"), "userDataFile: boot.sh begins as nothing that cloud-init knows"],
    ["empty", withFile(""), "userDataFile: boot.sh begins as nothing that cloud-init knows"],
    ["with the line ends of Windows", withFile("#!/bin/bash\r\nshop\r\n"), "userDataFile: boot.sh has the line ends of Windows"],
    ["with our boundary in it", withFile(`${own}echo ==tap-first-boot==\n`), "userDataFile: boot.sh holds ==tap-first-boot=="],
  ])("is refused: %s", (_, from, expected) => {
    expect(refusal(from)).toContain(expected);
  });

  it("as long as EC2 takes it is taken", () => {
    const bytes = Buffer.byteLength(userDataOf(synthesized(withFile(own)).primary));
    const longest = own + "#".repeat(16 * 1024 - bytes);
    expect(Buffer.byteLength(userDataOf(synthesized(withFile(longest)).primary))).toBe(16 * 1024);
    expect(refusal(withFile(`${longest}#`))).toContain("it makes 16385 bytes of user data");
  });
});

describe("the ports", () => {
  it("are the application's wherever they count: target group, security group, page server, container", () => {
    const { primary } = synthesized(sources({ ports: { api: 3000 } }));
    expect(resources(primary, "aws_lb_target_group").map(({ values }) => values["name"])).toContain("tap-prod-api-3000");
    expect(resources(primary, "aws_vpc_security_group_ingress_rule").map(({ values }) => values["from_port"])).toContain(3000);
    expect(userDataOf(primary)).toContain("http.server 3000 --directory /srv/tap/api");
    const streaming = synthesized(sources({ blueprint: "streaming", ports: { app: 80 } })).primary;
    const container = String(only(streaming, "aws_ecs_task_definition")["container_definitions"]);
    expect(container).toContain('"containerPort":80');
    expect(container).toContain("httpd -f -p 80 ");
    expect(container).toContain('{"name":"PORT","value":"80"}');
  });

  it("may come from the shell", () => {
    const { stacks } = readSettings({ variables: { TAP_PORTS: "api=3000, admin=3001" }, readSizing: () => undefined });
    expect(stacks[0]?.components.loadBalancer.targetGroups.map(({ port }) => port)).toEqual([3000, 3001, 9090]);
  });

  it.each([
    ["that clash", sources({ ports: { admin: 8080 } }), "ports.admin: 8080 is the port of api, too"],
    ["that clash with each other", sources({ ports: { api: 3000, admin: 3000, metrics: 3000 } }), "ports.metrics: 3000 is the port of api, too"],
    ["of no target group", sources({ ports: { shop: 3000 } }), "ports.shop: the blueprint has no such target group\n    target groups: api, admin, metrics"],
    ["that are none", sources({ ports: { api: 70_000 } }), "tap.config.json: ports.api: not a port"],
    ["that are no numbers", { variables: { TAP_PORTS: "api=http" }, readSizing: () => undefined }, "TAP_* variables: ports.api: not a port"],
    ["that are not said", { variables: { TAP_PORTS: "api" }, readSizing: () => undefined }, "TAP_* variables: ports.api: not a port"],
    [
      "too long for a target group's name",
      sources({ suffix: "fifteen-letters", ports: { metrics: 19_090 } }),
      "ports.metrics: the target group's name tap-fifteen-letters-metrics-19090 has 33 characters",
    ],
  ])("are refused: %s", (_, from, expected) => {
    expect(refusal(from)).toContain(expected);
  });
});

describe("the lifetime of an instance", () => {
  const lifetimeIn = (configuration: object) => only(synthesized(sources(configuration)).primary, "aws_autoscaling_group");

  it("ends after a month unless said otherwise, so that the newest image is not only in new instances; none goes before its successor", () => {
    expect(lifetimeIn({})).toMatchObject({
      max_instance_lifetime: 30 * 86_400,
      instance_maintenance_policy: { min_healthy_percentage: 100, max_healthy_percentage: 110 },
    });
    expect(lifetimeIn({ maxInstanceLifetimeDays: 1 })).toMatchObject({ max_instance_lifetime: 86_400 });
    const variables = { TAP_MAX_INSTANCE_LIFETIME_DAYS: "365" };
    expect(readSettings({ variables, readSizing: () => undefined }).stacks[0]?.components.compute?.application.maxInstanceLifetimeDays).toBe(365);
  });

  it.each([
    ["shorter than a day", 0, "less than 1 day"],
    ["longer than a year", 366, "more than 365 days"],
    ["of half days", 1.5, "not a number of days"],
  ])("is refused: %s", (_, maxInstanceLifetimeDays, expected) => {
    expect(refusal(sources({ maxInstanceLifetimeDays }))).toContain(`tap.config.json: maxInstanceLifetimeDays: ${expected}`);
  });
});

describe("shells", () => {
  it("are not taken unless asked for", () => {
    expect(sids(synthesized(sources()).primary, "instance-role")).not.toContain("ShellChannels");
    const streaming = synthesized(sources({ blueprint: "streaming" })).primary;
    expect(only(streaming, "aws_ecs_service")["enable_execute_command"]).toBe(false);
    expect(only(streaming, "aws_ecs_task_definition")["container_definitions"]).toContain('"readonlyRootFilesystem":true');
  });

  it("come through Session Manager, and open no port", () => {
    const closed = synthesized(sources()).primary;
    const { primary } = synthesized(sources({ shellAccess: true }));
    expect(sids(primary, "instance-role")).toEqual(expect.arrayContaining(["ShellChannels", "ShellAgent"]));
    expect(resources(primary, "aws_vpc_security_group_ingress_rule")).toEqual(resources(closed, "aws_vpc_security_group_ingress_rule"));
  });

  it("come through ECS Exec to containers, whose file system it has to write", () => {
    const { primary } = synthesized({ variables: { TAP_BLUEPRINT: "streaming", TAP_SHELL_ACCESS: "true" }, readSizing: () => undefined });
    expect(only(primary, "aws_ecs_service")["enable_execute_command"]).toBe(true);
    expect(only(primary, "aws_ecs_task_definition")["container_definitions"]).toContain('"readonlyRootFilesystem":false');
    expect(sids(primary, "task")).toContain("ShellChannels");
  });
});

describe("choices about what a blueprint does not have", () => {
  it.each([
    ["streaming", { ami: "/shop/ami" }, "ami: the blueprint has no instances"],
    ["streaming", { userDataFile: "boot.sh" }, "userDataFile: the blueprint has no instances"],
    ["streaming", { maxInstanceLifetimeDays: 7 }, "maxInstanceLifetimeDays: the blueprint has no instances"],
    ["streaming", { globalWriteForwarding: true }, "globalWriteForwarding: the blueprint has no global database"],
    ["web", { image: "public.ecr.aws/nginx/nginx:1.27" }, "image: the blueprint has no containers"],
    ["web", { auroraEngineVersion: "8.0.mysql_aurora.3.10.0" }, "auroraEngineVersion: the blueprint has no global database"],
    ["saas", { rdsEngineVersion: "8.4" }, "rdsEngineVersion: the blueprint has no RDS instance"],
    ["saas", { postgresEngineVersion: "16.11" }, "postgresEngineVersion: the blueprint has no serverless database"],
    ["saas", { publicAddresses: false }, "publicAddresses: instances stand in private subnets"],
  ])("are refused: %s %j", (blueprint, configuration, expected) => {
    expect(refusal({ ...sources({ blueprint, ...configuration }), readFile: () => Buffer.from(own) })).toContain(expected);
  });
});

it("all that is wrong with an application is told at once, each with its path and a hint", () => {
  const message = refusal(
    sources({
      ami: "ami-abcdef01",
      amiArchitecture: "arm64",
      userDataFile: "gone.sh",
      ports: { admin: 8080, shop: 1 },
      maxInstanceLifetimeDays: 0,
      shellAccess: "yes",
    }),
  );
  for (const path of [
    "ami",
    "userDataFile",
    "ports.admin",
    "ports.shop",
    "tap.config.json: maxInstanceLifetimeDays",
    "tap.config.json: shellAccess",
    "primary: compute.instanceType",
  ])
    expect(message).toMatch(new RegExp(`\n  - ${path.replaceAll(".", "\\.")}: [^\n]+\n    [^\n]+`));
});
