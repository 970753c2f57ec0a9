import { between, type Draw, moment, spread } from "../draw.ts";
import { region } from "../region.ts";

/** What an account is made to try. All but `ordinary` are built to mislead a rule that looks at an average, or at one figure. */
export const shapes = [
  "ordinary",
  "monthly peak",
  "bursts",
  "busy weekend",
  "one busy hour",
  "memory",
  "network",
  "connections",
  "working set",
  "uneven roles",
  "rare readers",
  "growing",
] as const;
export type Shape = (typeof shapes)[number];

export function trafficOf(draw: Draw, shape: Shape, peakRequestsPerSecond: number): object {
  return {
    peakRequestsPerSecond: shape === "growing" ? peakRequestsPerSecond / growthOf(draw).factor : peakRequestsPerSecond,
    peakHourUtc: Math.floor(draw("peak hour") * 24),
    nightShare: between(draw("night"), 0.05, 0.9),
    weekendShare: shape === "busy weekend" ? between(draw("weekend"), 1.2, 2) : between(draw("weekend"), 0.3, 1),
    noiseSigma: between(draw("noise"), 0.005, 0.06),
    bursts:
      shape === "bursts"
        ? { perWeek: spread(draw("bursts"), 0.2, 5), factor: between(draw("burst factor"), 1.3, 3), minutes: spread(draw("burst minutes"), 5, 90) }
        : { perWeek: 0 },
  };
}

/** Hours that stand out, as moments after the start: within the sixty days before it, and again at about the same distance afterwards. */
export function promotionsOf(draw: Draw, shape: Shape): readonly object[] {
  const factor = between(draw("peak factor"), 1.3, 3);
  const hours = between(draw("peak hours"), 1, 4);
  if (shape === "monthly peak") {
    const first = between(draw("peak day"), 1, 13);
    return [first - 60, first - 30, first].map((day) => ({ region, start: moment(day), hours, factor }));
  }
  if (shape === "one busy hour") return [{ region, start: moment(-between(draw("peak day"), 2, 58)), hours: 1, factor }];
  if (shape === "growing") {
    const { sinceDays, factor: growth, isAtOnce } = growthOf(draw);
    const grownAfterDays = 21;
    const rampDays = isAtOnce ? 1 : sinceDays + grownAfterDays;
    return [{ region, start: moment(-sinceDays), hours: 2 * 24 * (sinceDays + grownAfterDays), factor: growth, rampMinutes: rampDays * 24 * 60 }];
  }
  return [];
}

interface Growth {
  readonly sinceDays: number;
  /** Traffic in the end as a multiple of what it was before. */
  readonly factor: number;
  /** Within a day, as where another service's users are moved here. */
  readonly isAtOnce: boolean;
}

/** Goes on beyond the two weeks after the plan, unless it happened at once. */
function growthOf(draw: Draw): Growth {
  return { sinceDays: between(draw("growth since"), 5, 90), factor: between(draw("growth"), 1.2, 5), isAtOnce: draw("growth kind") < 0.25 };
}
