import { agentParameterName } from "../../constructs/compute/agent-configuration.ts";
import { userDataLimitBytes } from "../../constructs/compute/first-boot.ts";
import { userDataText } from "../../constructs/compute/user-data.ts";
import { longestTargetGroupName, targetGroupName, type TargetGroupDefinition } from "../../constructs/edge/load-balancer.ts";
import { namedArchitecture } from "./chosen-application.ts";
import type { Problem } from "./problem.ts";
import type { Rule } from "./rule.ts";
import type { Settings, StackSettings } from "./settings-model.ts";
import type { Configuration } from "./settings-schema.ts";

/** Families with a `g` after their generation, and a1, are Graviton: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html */
const gravitonFamily = /^(?:a1|[a-z]+\d+g[a-z]*)\./;

const imageFitsInstances: Rule = ({ stacks }) =>
  stacks.flatMap(({ name, absent, components: { compute } }) => {
    if (absent || compute === null) return [];
    const { instanceType, application } = compute;
    const needed = gravitonFamily.test(instanceType) ? "arm64" : "x86_64";
    if (needed === application.architecture) return [];
    return [
      {
        path: `${name}: compute.instanceType`,
        message: `${instanceType} is of ${needed}, the group's image is of ${application.architecture}`,
        hint:
          needed === "arm64"
            ? "choose a type of an Intel or AMD family, e.g. m5 or m6i, or an image of arm64 (amiArchitecture, TAP_AMI_ARCHITECTURE)"
            : "choose a type of a Graviton family, e.g. m6g or t4g, or an image of x86_64 (amiArchitecture, TAP_AMI_ARCHITECTURE)",
      },
    ];
  });

/** The same in each region. */
function targetGroupsOf({ stacks }: Pick<Settings, "stacks">): readonly TargetGroupDefinition[] {
  return stacks.slice(0, 1).flatMap(({ components }) => components.loadBalancer.targetGroups);
}

/** Two ports of one instance cannot be the same, nor can two rules of its security group. */
const portsDiffer: Rule = (settings) =>
  targetGroupsOf(settings).flatMap(({ key, port }, position, groups) =>
    groups
      .slice(0, position)
      .filter((other) => other.port === port)
      .slice(0, 1)
      .map((other) => ({
        path: `ports.${key}`,
        message: `${port} is the port of ${other.key}, too`,
        hint: "give each target group a port of its own (TAP_PORTS)",
      })),
  );

const targetGroupNamesFit: Rule = (settings) =>
  targetGroupsOf(settings)
    .map(({ key, port }) => ({ key, name: targetGroupName(settings.suffix, key, port) }))
    .filter(({ name }) => name.length > longestTargetGroupName)
    .map(({ key, name }) => ({
      path: `ports.${key}`,
      message: `the target group's name ${name} has ${name.length} characters, AWS takes ${longestTargetGroupName}`,
      hint: "choose a port of four digits, or a shorter suffix",
    }));

/** What the stack itself does at first boot needs room, too. */
const userDataFits: Rule = ({ suffix, stacks }) =>
  stacks
    .filter((stack) => !stack.absent)
    .slice(0, 1)
    .flatMap(({ components: { compute, loadBalancer } }) => {
      if (compute === null) return [];
      const bytes = Buffer.byteLength(userDataText(compute.application, loadBalancer.targetGroups, agentParameterName({ suffix })));
      return bytes <= userDataLimitBytes
        ? []
        : [
            {
              path: "userDataFile",
              message: `with what installs the CloudWatch agent it makes ${bytes} bytes of user data, EC2 takes ${userDataLimitBytes}`,
              hint: `shorten it by ${bytes - userDataLimitBytes} bytes; let it fetch the rest, or build that into the AMI`,
            },
          ];
    });

export const applicationChoiceRules: readonly Rule[] = [imageFitsInstances, portsDiffer, targetGroupNamesFit, userDataFits];

/** AMIs that leave a region without one, or say of themselves what is not so. */
export function imageProblems({ ami, amiArchitecture }: Configuration, stacks: readonly StackSettings[]): readonly Problem[] {
  const standing = stacks.filter((stack) => !stack.absent && stack.components.compute !== null);
  if (ami === undefined || standing.length === 0) return [];
  return [...imagesOfRegions(ami, standing), ...architectureProblems(amiArchitecture, standing)];
}

function imagesOfRegions(ami: NonNullable<Configuration["ami"]>, stacks: readonly StackSettings[]): readonly Problem[] {
  if (typeof ami !== "string")
    return stacks
      .filter(({ region }) => !Object.hasOwn(ami, region))
      .map(({ region }) => ({ path: `ami.${region}`, message: "the region has no AMI", hint: "name one, or a parameter that is in all regions" }));
  return ami.startsWith("ami-") && stacks.length > 1
    ? [
        {
          path: "ami",
          message: `${ami} is an AMI of one region, and the stacks are in ${stacks.map(({ region }) => region).join(" and ")}`,
          hint: "name one by region (TAP_AMI=us-east-1=ami-…,us-west-2=ami-…), or an SSM parameter that each region has",
        },
      ]
    : [];
}

function architectureProblems(declared: Configuration["amiArchitecture"], stacks: readonly StackSettings[]): readonly Problem[] {
  const contradicting = stacks.find(({ components: { compute } }) => {
    const named = namedArchitecture(compute?.application.image);
    return named !== undefined && compute !== null && named !== compute.application.architecture;
  });
  const image = contradicting?.components.compute?.application.image;
  if (declared === undefined || image?.kind !== "parameter") return [];
  return [{ path: "amiArchitecture", message: `${image.name} is not of ${declared}, by its name`, hint: "leave it out, or name another parameter" }];
}

/** Ports of target groups that the blueprint does not have. */
export function portsWithoutGroup({ ports = {} }: Configuration, settings: Pick<Settings, "stacks">): readonly Problem[] {
  const keys = targetGroupsOf(settings).map(({ key }) => key);
  return Object.keys(ports)
    .filter((key) => !keys.includes(key))
    .map((key) => ({ path: `ports.${key}`, message: "the blueprint has no such target group", hint: `target groups: ${keys.join(", ")}` }));
}
