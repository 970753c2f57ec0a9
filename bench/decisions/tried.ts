import { sampleSpread } from "../../simulation/load/known-capacity.ts";
import { normalQuantile } from "../../simulation/load/noise.ts";
import { defaultPolicy } from "../../optimizer/core/model/policy.ts";
import { baselineHours, highestIn, type Hour, hoursOf, meanIn, seenIn } from "./hours.ts";
import type { Tried, TriedLever } from "./lever.ts";
import { type Best, harmless, type Lever, nothing, type Opened, type Truth } from "./opened.ts";
import { once } from "./once.ts";
import { peers } from "./peers.ts";
import type { Trial } from "./trial.ts";

const { maxErrorRate, maxP99Increase } = defaultPolicy.window;
const { headroom, maxWorstHourShare } = defaultPolicy.rules;
/** Arithmetic on paper and in ticks may differ by so much. */
const rounding = 1e-6;
/** How many hours of the baseline may be above the usual: those beyond the p99.5. */
const rareHours = Math.floor(0.005 * 60 * 24);

/** A lever whose truth is found by trying sizes. */
export function triedLever<Size>(lever: TriedLever<Size>): Lever {
  return {
    ...lever,
    open(trial) {
      const tried = lever.open(trial);
      return tried === undefined ? undefined : opened(tried, trial);
    },
  };
}

/** The limits are those of the windows: errors above 0.5 %, or p99 above that of the same hour as deployed by more than a fifth. */
function opened<Size>(tried: Tried<Size>, trial: Trial): Opened {
  const hours = hoursOf(trial.scenario, tried.alsoHours);
  const { deployed } = tried;

  const highest = 1 + sampleSpread * normalQuantile(0.5 ** (1 / tried.samples));
  const allHours = [...hours.past, ...hours.future];

  /** What stands in the account now. */
  let standing: Placed<Size> = { size: deployed, lost: undefined };
  const place = (placed: Placed<Size>): void => {
    standing = placed;
    tried.put(placed.size, placed.lost);
  };
  /** Looks at a size while it is in place, and puts back what was there. */
  const looking = <Found>(placed: Placed<Size>, look: (at: Looked) => Found): Found => {
    const before = standing;
    place({ size: deployed, lost: undefined });
    const model = trial.modelOf(tried.service, allHours);
    place(placed);
    try {
      return look({ seen: seenIn(model), usage: tried.usage(model, placed.size) });
    } finally {
      place(before);
    }
  };
  const asDeployed = once(
    ({ lost }: Pick<Placed<Size>, "lost">) =>
      looking({ size: deployed, lost }, ({ seen, usage }) => {
        const all = lost === undefined ? allHours : hours.past;
        return new Map(all.map((hour) => [hour, { ...seen(hour), isOver: lost === undefined && meanIn(hour, usage) >= 1 }]));
      }),
    ({ lost }) => lost ?? "nothing",
  );
  const isHarmed = ({ seen, usage }: Looked, hour: number, lost: string | undefined): boolean => {
    const { errorShare, p99Seconds } = seen(hour);
    const fails = errorShare > maxErrorRate;
    // With something lost only failures count: what the deployed size does then need not be known while there are none.
    if (lost !== undefined && !fails) return false;
    const was = asDeployed({ lost }).get(hour);
    if (was === undefined || was.errorShare > maxErrorRate) return false;
    return fails || p99Seconds > was.p99Seconds * (1 + maxP99Increase) || (!was.isOver && meanIn(hour, usage) >= 1);
  };

  const nameOf = ({ size, lost }: Placed<Size>): string => `${tried.text(size)} ${lost ?? "nothing"}`;

  const keepsLatency = ({ seen }: Looked, hour: number): boolean => {
    if (tried.keepsLatency === undefined) return true;
    const was = asDeployed({ lost: undefined }).get(hour);
    return was === undefined || seen(hour).p99Seconds <= was.p99Seconds * (1 + maxP99Increase * maxWorstHourShare);
  };

  /** What is true of a size in the baseline while something is lost. */
  const isHarmedInPast = once((placed: Placed<Size>) => looking(placed, (looked) => hours.past.some((hour) => isHarmed(looked, hour, placed.lost))), nameOf);
  const keepsMarginsWith = once(
    (placed: Placed<Size>) =>
      looking(placed, (looked) => {
        let above = 0;
        return hours.past.every((hour) => {
          const most = highest * highestIn(hour, looked.usage);
          if (most > 1 - headroom + rounding) above += 1;
          return above <= rareHours && (placed.lost !== undefined || (most <= maxWorstHourShare + rounding && keepsLatency(looked, hour)));
        });
      }),
    nameOf,
  );
  const failsWithout = (size: Size): boolean => tried.losses.some((lost) => isHarmedInPast({ size, lost }));
  const isSafe = (size: Size): boolean => !isHarmedInPast({ size, lost: undefined }) && !failsWithout(size);
  const keepsMargins = (size: Size): boolean => [undefined, ...tried.losses].every((lost) => keepsMarginsWith({ size, lost })) && tried.keeps?.(size) !== false;
  const truthOf = once(
    (size: Size): Truth => ({
      isUnsafeSeen: isHarmedInPast({ size, lost: undefined }),
      isUnsafeLater: looking({ size, lost: undefined }, (looked) => hours.future.some((hour) => isHarmed(looked, hour, undefined))),
      isUnsafeWithout: failsWithout(size),
    }),
    tried.text,
  );

  const now = tried.monthlyUsd(deployed);
  const byGreatestSaving = tried.candidates
    .map((size) => ({ size, usd: now - tried.monthlyUsd(size) }))
    .filter(({ usd }) => usd > 0)
    .sort((a, b) => b.usd - a.usd);
  const isAsked = (): boolean => tried.isAsked(trial.asDeployed, baselineHours(trial.scenario));
  const bestOf = (found: (typeof byGreatestSaving)[number] | undefined): Best =>
    found === undefined ? nothing : { text: tried.text(found.size), gain: found.usd };
  const firstSafe = byGreatestSaving.findIndex(({ size }) => isSafe(size));
  const safe = firstSafe === -1 ? [] : byGreatestSaving.slice(firstSafe);
  // Margins are looked at first, since they ask nothing of the load balancer: few sizes that keep them are unsafe.
  const safestWithin = safe.length > 0 && isAsked() ? safe.find(({ size }) => keepsMargins(size) && isSafe(size)) : undefined;
  return {
    truthOf: (changes) => truthOf(tried.after(changes)),
    gainOf: (changes) => now - tried.monthlyUsd(tried.after(changes)),
    text: (changes) => tried.text(tried.after(changes)),
    safest: bestOf(safe[0]),
    safestWithin: bestOf(safestWithin),
    peers: () => {
      const { processors } = tried;
      if (processors === undefined) return [];
      const cpu = processors.cpu(trial.asDeployed);
      const hourly = baselineHours(trial.scenario).map((hour) => meanIn(hour, cpu));
      return peers.map(({ name, decide }) => {
        const size = decide(hourly, processors, deployed);
        if (size === undefined) return { name, text: null, truth: harmless, gain: 0 };
        return { name, text: tried.text(size), truth: truthOf(size), gain: now - tried.monthlyUsd(size) };
      });
    },
  };
}

interface Looked {
  readonly seen: (hour: number) => Hour;
  readonly usage: (tick: number) => number;
}

/** A size, and what is lost while it stands. */
interface Placed<Size> {
  readonly size: Size;
  readonly lost: string | undefined;
}
