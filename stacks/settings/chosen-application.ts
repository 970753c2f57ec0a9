import type { Architecture, MachineImage } from "../../constructs/compute/fleet-application.ts";
import type { FirstBootPart } from "../../constructs/compute/first-boot.ts";
import type { FleetSettings } from "../../constructs/compute/fleet.ts";
import { firstPage } from "../../constructs/compute/service-settings.ts";
import type { StackComponents } from "../blueprints/blueprint.ts";
import type { Configuration } from "./settings-schema.ts";

/** What the user's choices depend on, beside themselves. */
export interface ChoiceScope {
  readonly region: string;
  readonly firstBoot: FirstBootPart | undefined;
}

/** The fleet with the application that the user brings along. */
export function withApplication(fleet: FleetSettings | null, chosen: Configuration, { region, firstBoot }: ChoiceScope): FleetSettings | null {
  if (fleet === null) return null;
  const image = machineImage(chosen, region);
  const { application } = fleet;
  return {
    ...fleet,
    application: {
      ...application,
      ...(image === undefined ? {} : { image }),
      ...(firstBoot === undefined ? {} : { firstBoot }),
      architecture: chosen.amiArchitecture ?? namedArchitecture(image) ?? application.architecture,
      maxInstanceLifetimeDays: chosen.maxInstanceLifetimeDays ?? application.maxInstanceLifetimeDays,
      shellAccess: chosen.shellAccess ?? application.shellAccess,
      refusePublicAddress: chosen.publicAddresses === false,
    },
  };
}

function machineImage({ ami }: Configuration, region: string): MachineImage | undefined {
  const reference = typeof ami === "string" ? ami : ami?.[region];
  if (reference === undefined) return undefined;
  return reference.startsWith("ami-") ? { kind: "id", id: reference } : { kind: "parameter", name: reference };
}

/** As publishers write them into the names of their parameters, e.g. `/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/…`. */
const spellings: Readonly<Record<Architecture, RegExp>> = {
  arm64: /(?:^|[^a-z0-9])(?:arm64|aarch64)(?![a-z0-9])/,
  x86_64: /(?:^|[^a-z0-9])(?:x86_64|amd64)(?![a-z0-9])/,
};

/** The architecture that a parameter's name tells, if it tells one. */
export function namedArchitecture(image: MachineImage | undefined): Architecture | undefined {
  if (image?.kind !== "parameter") return undefined;
  const named = (["arm64", "x86_64"] as const).filter((architecture) => spellings[architecture].test(image.name));
  return named.length === 1 ? named[0] : undefined;
}

/** Target groups at the ports that the application listens on. */
export function withPorts({ loadBalancer }: StackComponents, { ports = {} }: Configuration): StackComponents["loadBalancer"] {
  const chosen = new Map(Object.entries(ports));
  return { ...loadBalancer, targetGroups: loadBalancer.targetGroups.map((group) => ({ ...group, port: chosen.get(group.key) ?? group.port })) };
}

/** The blueprint's own command is that of its first page, which listens where the load balancer asks. */
export function withContainer({ service, loadBalancer }: StackComponents, { image, shellAccess = false }: Configuration): StackComponents["service"] {
  if (service === null) return null;
  const { command: _, ...others } = service;
  if (image !== undefined) return { ...others, image, shellAccess };
  const pages = loadBalancer.targetGroups.filter(({ key }) => key === service.targetGroup).map(({ port, healthPath }) => firstPage(port, healthPath));
  return Object.assign({ ...service, shellAccess }, ...pages);
}
