import type { MonthlyUsd } from "../model/money.ts";
import { unknownParts, unknownWords } from "../money/monthly.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Made once each: a formatter costs more than a thousand numbers written with it, and a run's page and journal hold thousands. */
const cents = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const tenths = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const thousandths = new Intl.NumberFormat("en-US", { maximumFractionDigits: 3 });
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** `$1,234.50`; two digits below a thousand dollars, none above. */
export function usd(amount: number): string {
  const text = (Math.abs(amount) < 1000 ? cents : whole).format(Math.abs(amount));
  return `${amount < 0 ? "−" : ""}$${text}`;
}

/** `$1,234/month`, with what is not known of it: `$1,234/month, and backup storage (price unknown)`. */
export function monthly(amount: MonthlyUsd): string {
  switch (amount.kind) {
    case "known":
      return `${usd(amount.usd)}/month`;
    case "partly":
      return `${usd(amount.usd)}/month, and ${amount.unknown.map(unknownWords).join(" and ")}`;
    case "unknown":
      return amount.what === undefined && amount.others === undefined
        ? `unknown (${amount.reason})`
        : `unknown: ${unknownParts(amount).map(unknownWords).join(" and ")}`;
  }
}

/** A number with at most three significant decimals and thousands separated. */
export function number(value: number): string {
  return (Math.abs(value) >= 100 ? whole : Math.abs(value) >= 1 ? tenths : thousandths).format(value);
}

/** Time since a run's start as people follow it: `day 3 04:15`; the first day is day 1. */
export function dayAndTime(sinceStartMs: number): string {
  const minutes = Math.floor(sinceStartMs / minuteMs);
  const withinDay = minutes % (24 * 60);
  return `day ${Math.floor(minutes / (24 * 60)) + 1} ${twoDigits(Math.floor(withinDay / 60))}:${twoDigits(withinDay % 60)}`;
}

/** `48 h`, `2 h 30 min`, `35 s`, `9 days`. */
export function duration(ms: number): string {
  if (ms >= 3 * dayMs) return `${number(ms / dayMs)} days`;
  // Rounded before it is taken apart: 59.7 minutes are an hour, not 60 minutes.
  const [seconds, minutes] = [Math.round(ms / 1000), Math.round(ms / minuteMs)];
  if (seconds < 60) return `${seconds} s`;
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 index`, `3 indexes`: `plural` is needed where an s does not do. */
export function count(amount: number, singular: string, plural = `${singular}s`): string {
  return `${amount} ${amount === 1 ? singular : plural}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
