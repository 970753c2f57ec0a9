import { balancerSlotKeys } from "../../optimizer/core/metrics/balancer-slots.ts";
import type { WindowState } from "../../optimizer/core/model/run-state.ts";
import type { World } from "./world.ts";

/** Share of errors in a window as the account itself knows it: every point there, none late. NaN without requests counts as none. */
export async function trueErrorRate({ stored, truth, nowMs }: World, region: string, { startMs, deadlineMs }: WindowState): Promise<number> {
  void nowMs;
  const { plan } = stored;
  const slotSeconds = plan.policy.window.slotMinutes * 60;
  let requests = 0;
  let errors = 0;
  for (const resource of plan.inventory.resources) {
    if (resource.kind !== "load-balancer" || resource.ref.region !== region) continue;
    const keys = balancerSlotKeys(resource, slotSeconds);
    const asked = [keys.requests, keys.target5xx, keys.elb5xx];
    const [all, target, balancer] = await truth.metrics.read(region, asked, { startMs, endMs: deadlineMs });
    const sum = (values: Float64Array | undefined): number =>
      (values ?? new Float64Array()).reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0);
    requests += sum(all?.values) + sum(balancer?.values);
    errors += sum(target?.values) + sum(balancer?.values);
  }
  return requests === 0 ? 0 : errors / requests;
}
