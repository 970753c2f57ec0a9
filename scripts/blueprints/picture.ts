import { nodeKinds, type NodeKind } from "./picture-nodes.ts";
import { block, referencesIn, regionOf, resourcesOf, type DescribedStack, type StackDocument, type StackResource } from "./stack-document.ts";

/** A box of one stack, with the addresses of all that belongs to it. */
interface PictureNode {
  readonly id: string;
  readonly label: readonly string[];
  readonly members: ReadonlySet<string>;
  readonly reach: ReadonlySet<string>;
}

interface DrawnStack extends DescribedStack {
  readonly region: string;
  readonly nodes: readonly PictureNode[];
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly across?: boolean;
}

/** What joins regions, by the type of resource that refers to the other one. */
const crossings: Readonly<Record<string, string>> = {
  aws_db_instance: "read replica",
  aws_dynamodb_table_replica: "global tables",
  aws_rds_cluster: "global database",
  aws_vpc_peering_connection: "peering",
};

/** A Mermaid flowchart: a box a part, its arrows from security groups, policies and references between the stacks. */
export function picture(stacks: readonly DescribedStack[]): string {
  const drawn = stacks.map((stack) => ({ ...stack, region: regionOf(stack.document), nodes: nodesOf(stack) }));
  const edges = [...drawn.flatMap(edgesWithin), ...drawn.flatMap((stack) => edgesAcross(stack, drawn))];
  return [
    "flowchart TB",
    '  internet(("Internet"))',
    ...drawn.flatMap(({ stack, region, nodes }) => [
      `  subgraph ${idOf(stack)}["${stack}: ${region}"]`,
      ...nodes.map(({ id, label }) => `    ${id}["${label.filter((line) => line !== "").join("<br/>")}"]`),
      "  end",
    ]),
    ...merged(edges).map(({ from, to, label, across }) => `  ${from} ${across === true ? "<-.->" : "-->"}${label === "" ? "" : `|"${label}"|`} ${to}`),
  ].join("\n");
}

function idOf(stack: string): string {
  return stack.replaceAll("-", "_");
}

function nodesOf({ stack, document }: DescribedStack): readonly PictureNode[] {
  const standing = nodeKinds.map((kind) => ({ kind, members: kind.members(document) })).filter(({ members }) => members.length > 0);
  const owned = new Set(standing.flatMap(({ members }) => members.map(({ address }) => address)));
  return standing.map(({ kind, members }) => nodeOf(stack, document, kind, members, owned));
}

function nodeOf(stack: string, document: StackDocument, kind: NodeKind, members: readonly StackResource[], owned: ReadonlySet<string>): PictureNode {
  const byAddress = new Map(resourcesOf(document).map((resource) => [resource.address, resource]));
  const reach = new Set(members.map(({ address }) => address));
  // A set grows while it is walked through: what is found is followed in turn, up to another box.
  for (const address of reach) for (const next of referencesIn(byAddress.get(address)?.values)) if (!owned.has(next)) reach.add(next);
  return { id: `${idOf(stack)}_${kind.key}`, label: kind.label(document, members), members: new Set(members.map(({ address }) => address)), reach };
}

function edgesWithin({ document, nodes }: DrawnStack): readonly Edge[] {
  const traffic = trafficEdges(document, nodes);
  const taken = new Set(traffic.map(({ from, to }) => `${from} ${to}`));
  return [...traffic, ...grantEdges(document, nodes).filter(({ from, to }) => !taken.has(`${from} ${to}`)), ...edgeOfParts(document, nodes)];
}

/** Who may connect to whom, by the security groups that they stand in. */
function trafficEdges(document: StackDocument, nodes: readonly PictureNode[]): readonly Edge[] {
  const standingIn = (group: unknown): readonly string[] => {
    const [address] = referencesIn(group);
    return address === undefined ? [] : nodes.filter(({ reach }) => reach.has(address)).map(({ id }) => id);
  };
  return resourcesOf(document, "aws_vpc_security_group_ingress_rule").flatMap(({ values }) => {
    const sources = values["cidr_ipv4"] === "0.0.0.0/0" ? ["internet"] : standingIn(values["referenced_security_group_id"]);
    return sources.flatMap((from) => standingIn(values["security_group_id"]).map((to) => ({ from, to, label: String(values["from_port"]) })));
  });
}

/** What a role may use that is not reached through the network: tables and buckets. */
function grantEdges(document: StackDocument, nodes: readonly PictureNode[]): readonly Edge[] {
  const stores = nodes.filter(({ id }) => /_(?:tables|bucket)$/.test(id));
  return resourcesOf(document, "aws_iam_role_policy").flatMap(({ values }) => {
    const [role = ""] = referencesIn(values["role"]);
    const granted = referencesIn(values["policy"]);
    return nodes
      .filter(({ reach }) => reach.has(role))
      .flatMap((user) =>
        stores.filter(({ members }) => granted.some((address) => members.has(address))).map((store) => ({ from: user.id, to: store.id, label: "" })),
      );
  });
}

function edgeOfParts(document: StackDocument, nodes: readonly PictureNode[]): readonly Edge[] {
  const owner = (value: unknown): string | undefined => nodes.find(({ members }) => referencesIn(value).some((address) => members.has(address)))?.id;
  const edge = (from: string | undefined, to: string | undefined, label: string): readonly Edge[] =>
    from === undefined || to === undefined ? [] : [{ from, to, label }];
  return [
    ...resourcesOf(document, "aws_wafv2_web_acl_association").flatMap(({ values }) =>
      edge(owner(values["web_acl_arn"]), owner(values["resource_arn"]), "guards"),
    ),
    ...resourcesOf(document, "aws_lb").flatMap(({ address, values }) =>
      edge(nodes.find(({ members }) => members.has(address))?.id, owner(block(values["access_logs"])["bucket"]), "access logs"),
    ),
    ...resourcesOf(document, "aws_route53_record").flatMap(({ address, values }) =>
      edge(nodes.find(({ members }) => members.has(address))?.id, owner(values["alias"]), "alias"),
    ),
  ];
}

/** A stack refers to another's outputs where both hold the same data, or are peers. */
function edgesAcross({ document, nodes }: DrawnStack, all: readonly DrawnStack[]): readonly Edge[] {
  return resourcesOf(document, ...Object.keys(crossings)).flatMap(({ type, address, values }) => {
    const to =
      nodes.find(({ members, reach }) => members.has(address) || reach.has(address))?.id ??
      nodes.find(({ id }) => type === "aws_vpc_peering_connection" && id.endsWith("_network"))?.id;
    const outputs = [...JSON.stringify(values).matchAll(/\$\{data\.terraform_remote_state\.[^.]+\.outputs\.([A-Za-z0-9_-]+)/g)].map(([, name = ""]) => name);
    return all.flatMap((other) =>
      outputs.flatMap((name) => {
        const referred = referencesIn(other.document.output[name]?.value);
        const from = other.nodes.find(({ members }) => referred.some((one) => members.has(one)))?.id;
        return from === undefined || to === undefined || from === to ? [] : [{ from, to, label: crossings[type] ?? "", across: true }];
      }),
    );
  });
}

/** One arrow from a box to another, with all its labels; ports by number. */
function merged(edges: readonly Edge[]): readonly Edge[] {
  const pairs = new Map<string, Edge>();
  for (const edge of edges) {
    const key = `${edge.from} ${edge.to}`;
    const known = pairs.get(key);
    const labels = [...new Set([...(known?.label.split(", ") ?? []), edge.label])].filter((label) => label !== "").sort((a, b) => Number(a) - Number(b) || 0);
    pairs.set(key, { ...edge, label: labels.join(", ") });
  }
  return [...pairs.values()];
}
