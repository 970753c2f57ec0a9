import { pointAt } from "../model/observation.ts";
import { oncePer } from "../model/once.ts";
import { oncePerInStudy } from "../model/study-memory.ts";
import { asGrown } from "./growth.ts";
import { type Answered, leastPerRequest } from "./latency.ts";
import { mapped } from "./series.ts";

/**
 * vCPUs that are busy in each hour as they will be two weeks on: as they grow by themselves, or by as many more requests as will come then, of which
 * each computes so much, whichever is more; the same array where neither grows. What machines do for themselves hides growth, most of all at a
 * weekend on which little else is done; requests show it at every hour.
 */
export function grownWithRequests(answered: Answered, busyVcpu: Float64Array): Float64Array {
  return grown(busyVcpu)(answered);
}

const grown = oncePerInStudy((busyVcpu: Float64Array) =>
  oncePer((answered: Answered): Float64Array => {
    const { perSecond } = answered;
    const [byItself, requests] = [asGrown(busyVcpu), asGrown(perSecond)];
    const vcpuSeconds = leastPerRequest(answered, busyVcpu);
    if (requests === perSecond || !Number.isFinite(vcpuSeconds)) return byItself;
    const byRequests = (hour: number): number => pointAt(busyVcpu, hour) + vcpuSeconds * (pointAt(requests, hour) - pointAt(perSecond, hour));
    return mapped(byItself, (busy, hour) => (byRequests(hour) > busy ? byRequests(hour) : busy));
  }),
);
