import { describe, expect, it } from "vitest";
import { certificates, only, resources, synthesizedText, type StackDocument } from "../support/synthesized-stacks.ts";
import { refusal, web, webSources } from "../support/web-stacks.ts";

const production = web();
const both = ["primary", "secondary"] as const;
const east = "aws.us-east-1";

function rulesOn(stack: StackDocument, port: number) {
  return ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"].flatMap((type) =>
    resources(stack, type)
      .filter(({ values }) => values["from_port"] === port)
      .map(({ values }) => ({ type, ...values })),
  );
}

function data(stack: StackDocument, type: string) {
  return Object.values(stack.data[type] ?? {});
}

describe("peering", () => {
  const { primary, secondary } = production;

  it("is the secondary's alone, accepted through the primary's region's provider", () => {
    expect(resources(primary).filter(({ type }) => type.includes("peering"))).toEqual([]);
    expect(only(secondary, "aws_vpc_peering_connection")).toMatchObject({
      auto_accept: false,
      peer_region: "us-east-1",
      vpc_id: expect.stringContaining("aws_vpc.network"),
      peer_vpc_id: expect.stringContaining("data.terraform_remote_state"),
    });
    expect(only(secondary, "aws_vpc_peering_connection")).not.toHaveProperty("provider");
    expect(only(secondary, "aws_vpc_peering_connection_accepter")).toMatchObject({ auto_accept: true, provider: east });
  });

  it("resolves names on both sides, once it is accepted", () => {
    const options = resources(secondary, "aws_vpc_peering_connection_options").map(({ values }) => values);
    const accepted = expect.stringMatching(/^\$\{aws_vpc_peering_connection_accepter\..+\.id\}$/);
    const resolved = { allow_remote_vpc_dns_resolution: true };
    expect(options).toHaveLength(2);
    expect(options).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ vpc_peering_connection_id: accepted, requester: resolved }),
        expect.objectContaining({ vpc_peering_connection_id: accepted, accepter: resolved, provider: east }),
      ]),
    );
    expect(options.filter((option) => option["provider"] === east)).toHaveLength(1);
  });

  it("leads from each private and isolated subnet to the other side, and from no public one", () => {
    const routes = resources(secondary, "aws_route")
      .map(({ values }) => values)
      .filter((route) => route["vpc_peering_connection_id"] !== undefined);
    const there = routes.filter((route) => route["destination_cidr_block"] === "10.10.0.0/16");
    const back = routes.filter((route) => route["destination_cidr_block"] === "10.20.0.0/16");
    expect(there.map((route) => route["provider"])).toEqual(Array.from({ length: 4 }));
    expect(back.map((route) => route["provider"])).toEqual(Array.from({ length: 4 }, () => east));
    for (const side of [there, back]) {
      const tables = side.map((route) => String(route["route_table_id"]));
      expect(tables.filter((table) => /routes-private-[abc]/.test(table))).toHaveLength(3);
      expect(tables.filter((table) => table.includes("routes-isolated"))).toHaveLength(1);
    }
    expect(routes).toHaveLength(8);
  });

  it.each([
    ["primary", "10.20.0.0/16"],
    ["secondary", "10.10.0.0/16"],
  ] as const)("opens the database of %s to %s only, by CIDR", (name, cidr) => {
    const byCidr = rulesOn(production[name], 3306).filter((rule) => "cidr_ipv4" in rule);
    expect(byCidr).toHaveLength(2);
    expect(byCidr).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: "aws_vpc_security_group_ingress_rule",
          cidr_ipv4: cidr,
          security_group_id: expect.stringContaining("mysql-firewall"),
        }),
        expect.objectContaining({ type: "aws_vpc_security_group_egress_rule", cidr_ipv4: cidr, security_group_id: expect.stringContaining("app-firewall") }),
      ]),
    );
  });

  it("joins each further secondary with the primary, and none with another", () => {
    const from = { environment: "staging", regions: ["us-east-1", "us-west-2", "eu-west-1"] };
    const stacks = web(from);
    expect(rulesOn(stacks.primary, 3306).map((rule) => ("cidr_ipv4" in rule ? rule.cidr_ipv4 : "group"))).toEqual(
      expect.arrayContaining(["10.20.0.0/16", "10.30.0.0/16"]),
    );
    expect(rulesOn(stacks.secondary, 3306).filter((rule) => "cidr_ipv4" in rule && rule.cidr_ipv4 !== "10.10.0.0/16")).toEqual([]);
  });

  it("goes with a region that was given up", () => {
    const stacks = web({ sizing: { secondary: { regionAbsent: true } } });
    expect(resources(stacks.secondary)).toEqual([]);
    expect(rulesOn(stacks.primary, 3306).filter((rule) => "cidr_ipv4" in rule)).toEqual([]);
  });

  it("is left out where nobody wants it", () => {
    const stacks = web({ peering: "none" });
    expect(resources(stacks.secondary).filter(({ type }) => type.includes("peering"))).toEqual([]);
    for (const name of both) expect(rulesOn(stacks[name], 3306).filter((rule) => "cidr_ipv4" in rule)).toEqual([]);
  });
});

describe("the account's default VPC", () => {
  const stacks = web({ network: "default", peering: "dedicated" });

  it.each(both)("of %s is read, and nothing of it changed", (name) => {
    const stack = stacks[name];
    expect(data(stack, "aws_vpc")).toMatchObject([{ default: true }]);
    for (const { values } of resources(stack, "aws_default_security_group")) expect(values["vpc_id"]).toContain("aws_vpc.dedicated-network");
    for (const type of ["aws_internet_gateway", "aws_nat_gateway", "aws_vpc_endpoint"]) expect(resources(stack, type)).toEqual([]);
    expect(only(stack, "aws_subnet")["vpc_id"]).toContain("aws_vpc.dedicated-network");
  });

  it("gives one subnet of each chosen zone", () => {
    expect(data(stacks.primary, "aws_subnets")).toMatchObject([
      {
        filter: [
          { name: "vpc-id" },
          { name: "default-for-az", values: ["true"] },
          { name: "availability-zone", values: ["us-east-1a", "us-east-1b", "us-east-1c"] },
        ],
      },
    ]);
    const subnets = expect.stringMatching(/^\$\{data\.aws_subnets\..+\.ids\}$/);
    expect(only(stacks.primary, "aws_lb")["subnets"]).toEqual(subnets);
    expect(only(stacks.primary, "aws_autoscaling_group")["vpc_zone_identifier"]).toEqual(subnets);
    expect(only(stacks.primary, "aws_db_subnet_group")["subnet_ids"]).toEqual(subnets);
  });

  it("keeps the database from the internet, and its traffic in flow logs", () => {
    for (const name of both) {
      expect(only(stacks[name], "aws_db_instance")["publicly_accessible"]).toBe(false);
      const ingress = rulesOn(stacks[name], 3306).filter((rule) => rule.type.includes("ingress"));
      expect(ingress).toHaveLength(1);
      expect(ingress[0]).toHaveProperty("referenced_security_group_id");
      expect(resources(stacks[name], "aws_flow_log").map(({ values }) => values["vpc_id"])).toEqual(
        expect.arrayContaining([expect.stringContaining("data.aws_vpc"), expect.stringContaining("aws_vpc.dedicated-network")]),
      );
    }
  });

  it("has no outputs for subnets that are not there", () => {
    const names = Object.keys(stacks.primary.output);
    expect(names).toEqual(expect.arrayContaining(["vpc_id", "public_subnet_ids"]));
    expect(names).not.toContain("private_subnet_ids");
    expect(names).not.toContain("isolated_subnet_ids");
  });
});

describe("dedicated VPCs for peering", () => {
  const stacks = web({ network: "default", peering: "dedicated" });

  it("are the smallest that AWS makes, apart, and isolated", () => {
    expect(only(stacks.primary, "aws_vpc")["cidr_block"]).toBe("10.255.0.0/28");
    expect(only(stacks.secondary, "aws_vpc")["cidr_block"]).toBe("10.255.0.16/28");
    for (const name of both) {
      expect(only(stacks[name], "aws_subnet")).toMatchObject({ cidr_block: only(stacks[name], "aws_vpc")["cidr_block"], map_public_ip_on_launch: false });
      expect(only(stacks[name], "aws_route_table_association")["route_table_id"]).toContain("dedicated-network");
    }
    expect(resources(stacks.primary, "aws_route")).toEqual([]);
  });

  it("are peered like any others", () => {
    expect(only(stacks.secondary, "aws_vpc_peering_connection")["vpc_id"]).toContain("aws_vpc.dedicated-network");
    const routes = resources(stacks.secondary, "aws_route").map(({ values }) => [values["destination_cidr_block"], values["provider"]]);
    expect(routes.toSorted(([a], [b]) => String(a).localeCompare(String(b)))).toEqual([
      ["10.255.0.0/28", undefined],
      ["10.255.0.16/28", east],
    ]);
  });

  it("take the blocks they are given", () => {
    const given = web({ network: "default", peering: "dedicated", cidr: { "us-west-2": "192.168.7.0/27" } });
    expect(only(given.secondary, "aws_vpc")["cidr_block"]).toBe("192.168.7.0/27");
  });
});

describe("networks that cannot be", () => {
  it.each([
    ["two default VPCs peered", { network: "default" }, "peering: the default VPCs of us-east-1 and us-west-2 all have 172.31.0.0/16", "peering `dedicated`"],
    ["a dedicated VPC beside a managed one", { peering: "dedicated" }, "managed VPCs need no dedicated ones", "peering `stacks`"],
    [
      "a block for the default VPC",
      { network: "default", peering: "none", cidr: { "us-east-1": "10.1.0.0/16" } },
      "cidr.us-east-1: the default VPC has 172.31.0.0/16",
      "remove it",
    ],
    [
      "a dedicated block smaller than AWS makes one",
      { network: "default", peering: "dedicated", cidr: { "us-east-1": "10.1.0.0/29" } },
      "AWS makes no VPC of 10.1.0.0/29",
      "/16 to /28",
    ],
    [
      "dedicated blocks that overlap",
      { network: "default", peering: "dedicated", cidr: { "us-east-1": "10.255.0.0/26" } },
      "10.255.0.16/28 overlaps 10.255.0.0/26 of us-east-1",
      "a block of its own",
    ],
    ["managed blocks that overlap", { cidr: { "us-east-1": "10.20.0.0/20" } }, "10.20.0.0/16 overlaps 10.20.0.0/20", "a block of its own"],
    ["a third region inside another's", { regions: ["us-east-1", "us-west-2", "eu-west-1"], cidr: { "eu-west-1": "10.10.16.0/20" } }, "overlaps", "peered"],
    ["another kind of network", { network: "shared" }, "tap.config.json: network: not one of the networks", "correct it there"],
    ["another kind of peering", { peering: "mesh" }, "tap.config.json: peering: not one of the kinds of peering", "correct it there"],
    ["saas in the default VPC", { blueprint: "saas", network: "default" }, "network: the blueprint does not run", "`web`"],
  ])("%s", (_, configuration, message, hint) => {
    const said = refusal(webSources(configuration));
    expect(said).toContain(message);
    expect(said).toContain(hint);
  });

  it("one region alone has nobody to be peered with, wherever it runs", () => {
    const { primary = "" } = synthesizedText(webSources({ network: "default", regions: ["us-east-1"], certificateArn: certificates.slice(0, 1) }));
    expect(primary).toContain("data.aws_vpc");
    expect(primary).not.toContain("aws_vpc_peering");
  });
});
