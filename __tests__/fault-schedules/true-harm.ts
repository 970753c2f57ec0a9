import { balancerSlotKeys } from "../../optimizer/core/metrics/balancer-slots.ts";
import type { World } from "./world.ts";

interface Counts {
  readonly requests: number;
  readonly errors: number;
}

/** Share of errors in a span as the account itself knows it: every point there, none late. Without requests there are none. */
export async function trueErrorRate(world: World, region: string, { startMs, deadlineMs }: { readonly startMs: number; readonly deadlineMs: number }) {
  const { requests, errors } = await trueCounts(world, region, startMs, deadlineMs);
  return requests === 0 ? 0 : errors / requests;
}

/** Requests that a target was chosen for. */
export async function trueRequests(world: World, region: string, { startMs, endMs }: { readonly startMs: number; readonly endMs: number }) {
  const { requests, errors } = await trueCounts(world, region, startMs, endMs);
  return requests - errors;
}

async function trueCounts({ stored, truth }: World, region: string, startMs: number, endMs: number): Promise<Counts> {
  const slotSeconds = stored.plan.policy.window.slotMinutes * 60;
  let requests = 0;
  let errors = 0;
  for (const resource of stored.plan.inventory.resources) {
    if (resource.kind !== "load-balancer" || resource.ref.region !== region) continue;
    const keys = balancerSlotKeys(resource, slotSeconds);
    const [all, target, balancer] = await truth.metrics.read(region, [keys.requests, keys.target5xx, keys.elb5xx], { startMs, endMs });
    requests += sum(all?.values) + sum(balancer?.values);
    errors += sum(target?.values) + sum(balancer?.values);
  }
  return { requests, errors };
}

function sum(values: Float64Array | undefined): number {
  return [...(values ?? [])].reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0);
}
