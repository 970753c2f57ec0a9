import { defaultPolicy } from "../../../optimizer/core/model/policy.ts";
import type { SizingChange } from "../../../optimizer/core/model/action.ts";
import { demandOf } from "../../../simulation/services/lambda/demand.ts";
import { atOnceBySources } from "../../../simulation/services/lambda/event-source-mappings.ts";
import { type LambdaFunction, functions } from "../../../simulation/services/lambda/function.ts";
import { callSeconds, durationSigma, functionField, functionLoad, usedMemoryMb } from "../../../simulation/services/lambda/load.ts";
import { baselineHours, futureHours, sumIn } from "../hours.ts";
import { harmless, type Lever, nothing } from "../opened.ts";
import { monthHours, priced, prices } from "../prices.ts";
import { region } from "../region.ts";
import type { Trial } from "../trial.ts";

const { lambdaFunction } = defaultPolicy.rules;
const mbPerGb = 1024;
/** AWS takes any number of MB; these are looked at. */
const stepMb = 64;

/** Memory of functions that are called. What is saved is what their calls would have cost, longer as they are with less of a processor. */
export const lambdaFunctions: Lever = {
  rules: ["lambda.function"],
  open(trial) {
    const called = trial.state
      .of(functions)
      .in(region)
      .map((lambda) => lookedAt(trial, lambda))
      .filter(({ calls }) => calls > 0);
    if (called.length === 0) return undefined;
    const sizesAfter = (changes: readonly SizingChange[]) =>
      called.map((each) => {
        const value = (property: string): number | undefined => {
          const found = changes.find((change) => change.id === each.name && change.property === property)?.value;
          return typeof found === "number" ? found : undefined;
        };
        return { ...each, memoryMb: value("memoryMib") ?? each.deployed.memoryMb, timeoutSeconds: value("timeoutSeconds") ?? each.deployed.timeoutSeconds };
      });
    const bestOf = (some: readonly { readonly name: string; readonly best: { readonly memoryMb: number; readonly gain: number } }[]) => {
      const saved = some.filter(({ best }) => best.gain > 0);
      return saved.length === 0
        ? nothing
        : { text: saved.map(({ name, best }) => `${name} ${best.memoryMb} MB`).join(", "), gain: saved.reduce((sum, { best }) => sum + best.gain, 0) };
    };
    return {
      truthOf(changes) {
        const broken = sizesAfter(changes).filter(({ breaks, memoryMb, timeoutSeconds }) => breaks(memoryMb, timeoutSeconds));
        return {
          ...harmless,
          isUnsafeSeen: broken.some(({ calls }) => calls > 0),
          isUnsafeLater: broken.some(({ laterCalls }) => laterCalls > 0),
        };
      },
      gainOf: (changes) => sizesAfter(changes).reduce((sum, { gainAt, memoryMb }) => sum + gainAt(memoryMb), 0),
      text: (changes) =>
        sizesAfter(changes)
          .map(({ name, memoryMb, timeoutSeconds }) => `${name} ${memoryMb} MB, ${timeoutSeconds} s`)
          .join(", "),
      safest: bestOf(called.map(({ name, smallest }) => ({ name, best: smallest(0) }))),
      safestWithin: bestOf(called.filter(({ isTold }) => isTold).map(({ name, smallest }) => ({ name, best: smallest(defaultPolicy.rules.headroom) }))),
      peers: () => [],
    };
  },
};

function lookedAt(trial: Trial, lambda: LambdaFunction) {
  const model = trial.asDeployed;
  const rows = functionLoad(model, lambda);
  const demand = demandOf(trial.scenario, region, lambda.name);
  const deployed = lambda.state.final().size;
  const [past, later] = [baselineHours(trial.scenario), futureHours(trial.scenario)];
  const callsIn = (hours: readonly number[]): number => hours.reduce((sum, hour) => sum + sumIn(hour, (tick) => rows.at(tick, functionField.calls)), 0);
  const calls = callsIn(past);
  const monthlyCalls = (calls / past.length) * monthHours;
  const gbSecond = priced(prices.lambda(region, lambda.architecture)?.gbSecond ?? null, "a second of a GB");
  const usd = (memoryMb: number): number => monthlyCalls * callSeconds(demand, memoryMb) * Math.exp(durationSigma ** 2 / 2) * (memoryMb / mbPerGb) * gbSecond;
  const bySources = atOnceBySources({ ...trial, region }, lambda.name, Date.parse(trial.scenario.start) - 1);
  const busiestHour = Math.max(...[...past, ...later].map((hour) => callsIn([hour])));
  /** What its event sources are busy with in the busiest hour, as a share of the calls that they let run at once. */
  const shareOfSources = (memoryMb: number): number => (busiestHour * callSeconds(demand, memoryMb) * Math.exp(durationSigma ** 2 / 2)) / 3600 / bySources;
  /** The memory of the model's calls does not differ; `timeoutSeconds` is held against the median, as the model does. */
  const breaks = (memoryMb: number, timeoutSeconds: number): boolean =>
    usedMemoryMb(demand) > memoryMb || callSeconds(demand, memoryMb) > timeoutSeconds || shareOfSources(memoryMb) > 1;
  const gainAt = (memoryMb: number): number => usd(deployed.memoryMb) - usd(memoryMb);
  return {
    name: lambda.name,
    deployed,
    calls,
    laterCalls: callsIn(later),
    breaks,
    gainAt,
    /** Without Lambda Insights no metric tells what a call takes of memory. */
    isTold: demand.lambdaInsights === true,
    smallest(headroom: number) {
      let best = { memoryMb: deployed.memoryMb, gain: 0 };
      for (let memoryMb = lambdaFunction.targetMemoryMb; memoryMb < deployed.memoryMb; memoryMb += stepMb) {
        const isFull = usedMemoryMb(demand) > memoryMb * (1 - headroom) || shareOfSources(memoryMb) > 1 - headroom;
        if (isFull || breaks(memoryMb, deployed.timeoutSeconds)) continue;
        if (gainAt(memoryMb) > best.gain) best = { memoryMb, gain: gainAt(memoryMb) };
      }
      return best;
    },
  };
}
