import type { Policy } from "../../model/policy.ts";
import type { SaidShare } from "../../sizing/database-latency.ts";
import type { AuroraCluster, AuroraMember } from "./cluster.ts";

/** Which share of the requests asks a member, as the policy says it of its cluster: readers are asked by turns, each by its part of theirs. `null` where it says nothing. */
export function saidShareOf({ rules: { askingShares } }: Policy, { ref, members }: AuroraCluster, { role }: AuroraMember): SaidShare | null {
  const said = Object.hasOwn(askingShares, ref.id) ? askingShares[ref.id] : undefined;
  const ofRole = role === "writer" ? said?.writer : said?.readers;
  return ofRole === undefined ? null : { own: ofRole / members.filter((each) => each.role === role).length, ofRole };
}
