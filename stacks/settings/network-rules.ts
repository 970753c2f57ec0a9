import { overlap, parseCidr } from "../../constructs/network/cidr.ts";
import { defaultVpcCidr } from "../../constructs/network/default-network.ts";
import type { BlueprintChoices } from "./blueprint-choices.ts";
import type { Problem } from "./problem.ts";
import type { Rule } from "./rule.ts";
import type { StackSettings } from "./settings-model.ts";

const cidrsCanBeCut: Rule = ({ network, stacks }) =>
  stacks
    .filter((stack) => network === "managed" && !within(stack.cidr, 16, 20))
    .map(({ region, cidr }) => ({
      path: `cidr.${region}`,
      message: `${cidr} cannot be cut into subnets`,
      hint: "use a block of /16 to /20 without host bits, e.g. 10.10.0.0/16",
    }));

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const dedicatedCidrsAreBlocks: Rule = ({ network, peering, stacks }) =>
  stacks
    .filter((stack) => isDedicated({ network, peering }) && !within(stack.cidr, 16, 28))
    .map(({ region, cidr }) => ({
      path: `cidr.${region}`,
      message: `AWS makes no VPC of ${cidr}`,
      hint: "use a block of /16 to /28 without host bits, e.g. 10.255.0.0/28",
    }));

const cidrsAreApart: Rule = ({ network, peering, stacks }) =>
  pairs(stacks).flatMap(([a, b]) =>
    (network === "managed" || isDedicated({ network, peering })) && overlaps(a.cidr, b.cidr)
      ? [
          {
            path: `cidr.${b.region}`,
            message: `${b.cidr} overlaps ${a.cidr} of ${a.region}`,
            hint: "give each region a block of its own, or they can never be peered",
          },
        ]
      : [],
  );

/** Two default VPCs have the same block, in whatever regions they are. */
const defaultNetworksAreNotPeered: Rule = ({ network, peering, stacks }) => {
  const regions = stacks.filter((stack) => !stack.absent).map(({ region }) => region);
  if (network !== "default" || peering !== "stacks" || regions.length < 2) return [];
  return [
    {
      path: "peering",
      message: `the default VPCs of ${regions.join(" and ")} all have ${defaultVpcCidr} and cannot be peered`,
      hint: "say peering `dedicated` for the smallest VPCs that can, `none` to do without, or network `managed`",
    },
  ];
};

const dedicatedIsBesideDefault: Rule = ({ network, peering }) =>
  network === "managed" && peering === "dedicated"
    ? [{ path: "peering", message: "managed VPCs need no dedicated ones beside them", hint: "say peering `stacks`: it joins the stacks' own VPCs" }]
    : [];

export const networkRules: readonly Rule[] = [cidrsCanBeCut, dedicatedCidrsAreBlocks, cidrsAreApart, defaultNetworksAreNotPeered, dedicatedIsBesideDefault];

/** A block for a VPC that is not made would be lost without a word. */
export function cidrsWithoutNetwork(given: Readonly<Record<string, string>>, choices: BlueprintChoices): readonly Problem[] {
  if (choices.network === "managed" || isDedicated(choices)) return [];
  return Object.keys(given).map((region) => ({
    path: `cidr.${region}`,
    message: `the default VPC has ${defaultVpcCidr}, whatever is said here`,
    hint: "remove it, or say network `managed` or peering `dedicated`",
  }));
}

function isDedicated({ network, peering }: Pick<BlueprintChoices, "network" | "peering">): boolean {
  return network === "default" && peering === "dedicated";
}

function within(cidr: string, shortest: number, longest: number): boolean {
  const prefix = parseCidr(cidr)?.prefix;
  return prefix !== undefined && prefix >= shortest && prefix <= longest;
}

function overlaps(a: string, b: string): boolean {
  const [first, second] = [parseCidr(a), parseCidr(b)];
  return first !== undefined && second !== undefined && overlap(first, second);
}

function pairs(stacks: readonly StackSettings[]): readonly (readonly [StackSettings, StackSettings])[] {
  return stacks.flatMap((first, index) => stacks.slice(index + 1).map((second) => [first, second] as const));
}
