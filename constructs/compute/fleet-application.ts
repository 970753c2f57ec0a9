import type { FirstBootPart } from "./first-boot.ts";

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ComponentsAMIs.html */
export const architectures = ["x86_64", "arm64"] as const;

export type Architecture = (typeof architectures)[number];

/** Where a group's AMI is found. A parameter is read at each launch, so that instances that come later have what it holds by then. */
export type MachineImage = { readonly kind: "id"; readonly id: string } | { readonly kind: "parameter"; readonly name: string };

/** What runs on the instances of a group. */
export interface FleetApplication {
  /** Absent: the newest Amazon Linux. */
  readonly image?: MachineImage;
  /** The architecture of the image. */
  readonly architecture: Architecture;
  /** What the user's own file says of the first boot. */
  readonly firstBoot?: FirstBootPart;
  /** Days until an instance is replaced by a new one, with the image of that day. */
  readonly maxInstanceLifetimeDays: number;
  /** Whether instances take shells through Session Manager. */
  readonly shellAccess: boolean;
  /** Whether instances get no public address even where their subnets give one. */
  readonly refusePublicAddress: boolean;
}

/** Amazon Linux that answers the health checks with a page of its own, and is patched once a month. */
export const placeholderApplication: FleetApplication = {
  architecture: "x86_64",
  maxInstanceLifetimeDays: 30,
  shellAccess: false,
  refusePublicAddress: false,
};

/** In days; AWS counts seconds, from one day to a year. https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-max-instance-lifetime.html */
export const instanceLifetimeLimits = { least: 1, most: 365 } as const;

/** As a launch template names it. */
export function imageReference({ image, architecture }: FleetApplication): string {
  if (image === undefined) return `resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`;
  return image.kind === "id" ? image.id : `resolve:ssm:${image.name}`;
}

/** Whether nothing of the user's runs there yet: then a page server answers in its place. */
export function isPlaceholder({ image, firstBoot }: FleetApplication): boolean {
  return image === undefined && firstBoot === undefined;
}
