import { startMs } from "./small-account.ts";
import type { World } from "./world.ts";

/** The journal in short, slots left out: an hour, a region, what was done. */
export function recordWords({ records }: World): readonly string[] {
  return records.flatMap(({ seq, at, phase, region, round = 1, op, type, body }) => {
    if (type === "SLOT") return [];
    const hour = ((at - startMs) / 3_600_000).toFixed(2).padStart(7);
    const place = region === null ? "" : `${region} ${phase}.${round}`;
    return [`${String(seq).padStart(5)} ${hour} h ${place.padEnd(14)} ${type} ${op ?? ""} ${JSON.stringify(body).slice(0, 200)}`];
  });
}
