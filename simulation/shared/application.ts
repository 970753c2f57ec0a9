import { z } from "zod";
import { Demand } from "../scenario/scenario.ts";

const amount = z.number().nonnegative();
const share = z.number().min(0).max(1);

/** What one request asks of the instances behind the balancer. */
const applicationSchema = z.strictObject({
  vcpuSecondsPerRequest: amount.describe("vCPU-seconds of one request on an instance of the reference speed."),
  backgroundVcpu: amount.default(0).describe("vCPU each instance spends without any request."),
  memoryBaseGib: amount.default(4).describe("Memory of an idle instance."),
  memoryMibPerRequestPerSecond: amount.default(0).describe("Memory an instance holds for each request a second it serves."),
  networkInBytesPerRequest: amount.default(4000),
  networkOutBytesPerRequest: amount.default(20_000),
  medianSeconds: z.number().positive().default(0.09).describe("Median response time when nothing waits."),
  p99Seconds: z.number().positive().default(0.4).describe("99th percentile of the response time when nothing waits."),
  latencySigma: z.number().min(0).max(1).default(0.02).describe("Standard deviation of the logarithm of the response time from tick to tick."),
  timeoutSeconds: z.number().positive().default(30).describe("A request that would take longer is answered 504 by the balancer."),
  errorShare: share.default(0.0002).describe("Share of requests the application answers with 5xx when healthy."),
});

export type Application = z.infer<typeof applicationSchema>;

/** What requests ask of the instances behind the balancers: Auto Scaling's groups bear it, the load balancers show it. */
export const application = new Demand("application", applicationSchema.describe("Auto Scaling groups behind the load balancers."));
