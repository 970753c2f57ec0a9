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
/** Of all hours of the baseline, how many may be above what is usual: those beyond the p99.5. */
const rareHours = Math.floor(0.005 * 60 * 24);

/** A lever whose truth is found by trying sizes. */
export function triedLever<Size>(lever: TriedLever<Size>): Lever {
  return {
    rules: lever.rules,
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

  /** Looks at a size while it is in place, and puts back what was deployed. */
  const looking = <Found>(size: Size, lost: string | undefined, look: (at: Looked) => Found): Found => {
    tried.put(deployed);
    const model = trial.modelOf(tried.service, allHours);
    tried.put(size, lost);
    try {
      return look({ seen: seenIn(model), usage: tried.usage(model, size) });
    } finally {
      tried.put(deployed);
    }
  };
  const asDeployed = new Map(
    [undefined, ...tried.losses].map((lost) => [
      lost,
      looking(deployed, lost, ({ seen, usage }) => {
        const all = lost === undefined ? allHours : hours.past;
        return new Map(all.map((hour) => [hour, { ...seen(hour), isOver: meanIn(hour, usage) >= 1 }]));
      }),
    ]),
  );
  const isHarmed = ({ seen, usage }: Looked, hour: number, lost: string | undefined): boolean => {
    const was = asDeployed.get(lost)?.get(hour);
    if (was === undefined || was.errorShare > maxErrorRate) return false;
    const { errorShare, p99Seconds } = seen(hour);
    if (errorShare > maxErrorRate) return true;
    return lost === undefined && (p99Seconds > was.p99Seconds * (1 + maxP99Increase) || (!was.isOver && meanIn(hour, usage) >= 1));
  };

  const keepsLatency = ({ seen }: Looked, hour: number): boolean => {
    const was = asDeployed.get(undefined)?.get(hour);
    return tried.keepsLatency === undefined || was === undefined || seen(hour).p99Seconds <= was.p99Seconds * (1 + maxP99Increase * maxWorstHourShare);
  };

  /** What is true of a size in the baseline while something is lost. */
  const inPast = once(
    ({ size, lost }: { readonly size: Size; readonly lost: string | undefined }) =>
      looking(size, lost, (looked) => {
        let [harmed, within, above] = [false, true, 0];
        for (const hour of hours.past) {
          harmed ||= isHarmed(looked, hour, lost);
          const most = highest * highestIn(hour, looked.usage);
          if (most > 1 - headroom + rounding) above += 1;
          within &&= above <= rareHours && (lost !== undefined || (most <= maxWorstHourShare + rounding && keepsLatency(looked, hour)));
          if (harmed && !within) break;
        }
        return { harmed, within };
      }),
    ({ size, lost }) => `${tried.text(size)} ${lost ?? "nothing"}`,
  );
  const failsWithout = (size: Size): boolean => tried.losses.some((lost) => inPast({ size, lost }).harmed);
  const isSafe = (size: Size): boolean => !inPast({ size, lost: undefined }).harmed && !failsWithout(size);
  const keepsMargins = (size: Size): boolean => [undefined, ...tried.losses].every((lost) => inPast({ size, lost }).within) && tried.keeps?.(size) !== false;
  const truthOf = once(
    (size: Size): Truth => ({
      isUnsafeSeen: inPast({ size, lost: undefined }).harmed,
      isUnsafeLater: looking(size, undefined, (looked) => hours.future.some((hour) => isHarmed(looked, hour, undefined))),
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
  const best = (fits: (size: Size) => boolean): Best => {
    const found = byGreatestSaving.find(({ size }) => fits(size));
    return found === undefined ? nothing : { text: tried.text(found.size), gain: found.usd };
  };
  return {
    truthOf: (changes) => truthOf(tried.after(changes)),
    gainOf: (changes) => now - tried.monthlyUsd(tried.after(changes)),
    text: (changes) => tried.text(tried.after(changes)),
    safest: best(isSafe),
    safestWithin: isAsked() ? best((size) => keepsMargins(size) && isSafe(size)) : nothing,
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
