import { z } from "zod";
import { momentSchema } from "./references.ts";

const share = z.number().min(0).max(1);
const factor = z.number().positive();

/** Requests per second of one region by hour of week; the peak of an ordinary weekday is the unit. */
export const trafficSchema = z.strictObject({
  peakRequestsPerSecond: z.number().nonnegative().describe("Requests a second at the busiest hour of an ordinary weekday."),
  peakHourUtc: z.number().min(0).lt(24).default(15).describe("Hour of the day, UTC, at which the daily wave peaks."),
  nightShare: share.default(0.35).describe("Lowest point of the daily wave as a share of its peak."),
  weekendShare: z.number().min(0).default(0.6).describe("Saturday and Sunday (UTC) as a share of a weekday."),
  noiseSigma: z.number().min(0).max(1).default(0.03).describe("Standard deviation of the logarithm of the traffic around the wave."),
  bursts: z
    .strictObject({
      perWeek: z.number().min(0).max(7).default(0).describe("Expected bursts a week; at most one a day."),
      factor: factor.default(1.5).describe("Traffic during a burst as a multiple."),
      minutes: z.number().positive().max(720).default(15),
    })
    .prefault({}),
});

export type Traffic = z.infer<typeof trafficSchema>;

/** A known rise of one region's traffic. */
export const promotionSchema = z.strictObject({
  region: z.string().min(1),
  start: momentSchema,
  hours: z.number().positive().describe("How long it lasts."),
  factor: factor.describe("Traffic during the promotion as a multiple of what it would have been."),
  rampMinutes: z.number().min(0).default(10).describe("Linear rise at the start and fall at the end."),
});

export type Promotion = z.infer<typeof promotionSchema>;
