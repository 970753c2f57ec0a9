import type { Plan } from "../../optimizer/core/model/plan.ts";
import { sampleAction, samplePlan, sampleProposal } from "./sample-run.ts";

/** A plan of so many Auto Scaling groups, each with a change and fourteen figures that it rests on. */
export function planOfManyResources(count = 1000): Plan {
  const one = sampleProposal();
  const evidence = Array.from(
    { length: 14 },
    (_, index) => ({ ...one.evidence[0], name: `CPU in the worst hour of zone ${index}` }) as (typeof one.evidence)[0],
  );
  const decisions = Array.from({ length: count }, (_, index) => {
    const resource = { kind: "auto-scaling-group", region: "us-east-1", id: `tap-prod-group-${index}` } as const;
    return sampleProposal(sampleAction({ id: `asg.instance-type:us-east-1:${resource.id}`, resource }), { evidence });
  });
  return samplePlan({ decisions });
}
