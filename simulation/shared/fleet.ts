import { regionalStore, type Owned } from "../account/state.ts";
import type { Timeline } from "../account/timeline.ts";

export interface FleetInstance {
  readonly id: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly launchTemplateVersion: number;
  readonly lifecycleState: "Pending" | "InService" | "Terminating";
}

/** EC2 instances that a group started: what others than the group's own service ask of it. */
export interface Fleet extends Owned {
  readonly name: string;
  readonly launchTemplateId: string;
  /** Whether instances get the tag of the group when they are launched, by the tag's key. */
  readonly tagsAtLaunch: Readonly<Record<string, boolean>>;
  readonly targetGroupArns: readonly string[];
  /** Ids of instances that somebody registered with those by hand: no group launched them. Absent where nobody did. */
  readonly registeredByHand?: readonly string[];
  /** An open capacity reservation that its instances run in. Absent where there is none. */
  readonly capacityReservation?: string;
  readonly instances: Timeline<readonly FleetInstance[]>;
}

/** Zones of further instances of a fleet: each is launched in the one that has fewest by then, the first named of several. */
export function zonesForMore(zones: readonly string[], present: readonly Pick<FleetInstance, "zone">[], count: number): readonly string[] {
  const taken = present.map(({ zone }) => zone);
  return Array.from({ length: count }, () => {
    const inZone = (zone: string): number => taken.filter((other) => other === zone).length;
    const next = zones.toSorted((a, b) => inZone(a) - inZone(b))[0] ?? "";
    taken.push(next);
    return next;
  });
}

/** Filled by Auto Scaling; EC2 tells the instances' tags. */
export const fleets = regionalStore<Fleet>();
