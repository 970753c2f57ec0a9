import { refKey } from "../../optimizer/core/model/resource-ref.ts";
import type { Decision, Proposal } from "../../optimizer/core/model/rule.ts";

export function sizesOf({ from, to }: Proposal): string {
  return `${from} → ${to}`;
}

export function dollars({ savings }: Proposal): string {
  return savings.kind === "unknown" ? "unknown" : savings.usd.toFixed(2);
}

/**
 * What is bolder in `after`: of a resource more is to be saved, by sizes that were not proposed before. All rules on one resource count as
 * one, since they may share out what one load leaves in another way; the same size saves more where more is paid for each call.
 */
export function bolder(before: readonly Decision[], after: readonly Decision[]): readonly string[] {
  const [were, are] = [proposedOn(before), proposedOn(after)];
  return [...are].flatMap(([resource, { usd, sizes }]) => {
    const was = were.get(resource);
    const more = sizes.filter((size) => was?.sizes.includes(size) !== true);
    return usd > (was?.usd ?? 0) + 1e-6 && more.length > 0 ? [`${resource}: ${more.join(", ")}`] : [];
  });
}

function proposedOn(decisions: readonly Decision[]): ReadonlyMap<string, { readonly usd: number; readonly sizes: readonly string[] }> {
  const found = new Map<string, { readonly usd: number; readonly sizes: readonly string[] }>();
  for (const decision of decisions) {
    if (decision.kind === "skip") continue;
    const { usd, sizes } = found.get(refKey(decision.resource)) ?? { usd: 0, sizes: [] };
    const [size, saved] = decision.kind === "advice" ? ["advice", 1] : [sizesOf(decision), decision.savings.kind === "unknown" ? 1 : decision.savings.usd];
    found.set(refKey(decision.resource), { usd: usd + saved, sizes: [...sizes, `${decision.rule} ${size}`] });
  }
  return found;
}
