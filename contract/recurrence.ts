/** When something recurs: sets of what each field of a cron expression allows. */
export interface Recurrence {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** Where both are restricted, either lets a day pass, as cron has it. */
  readonly bothDaysRestricted: boolean;
}

interface Field {
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
}

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const minute: Field = { least: 0, most: 59, names: [] };
const hour: Field = { least: 0, most: 23, names: [] };
const dayOfMonth: Field = { least: 1, most: 31, names: [] };
const month: Field = { least: 1, most: 12, names: monthNames };
const weekday: Field = { least: 0, most: 7, names: weekdayNames };

/**
 * Reads the five fields of a recurrence of Auto Scaling: minute, hour, day of the month, month, day of the week. `undefined` for what is no
 * such expression. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
 */
export function parseRecurrence(text: string): Recurrence | undefined {
  const [minuteText, hourText, dayText, monthText, weekdayText, ...rest] = text.trim().toLowerCase().split(/\s+/);
  if (weekdayText === undefined || rest.length > 0) return undefined;
  const minutes = allowed(minuteText ?? "", minute);
  const hours = allowed(hourText ?? "", hour);
  const days = allowed(dayText ?? "", dayOfMonth);
  const months = allowed(monthText ?? "", month);
  const weekdays = allowed(weekdayText, weekday);
  if (minutes === undefined || hours === undefined || days === undefined || months === undefined || weekdays === undefined) return undefined;
  return {
    minutes,
    hours,
    days,
    months,
    weekdays: new Set([...weekdays].map((day) => day % 7)),
    bothDaysRestricted: !(dayText ?? "").startsWith("*") && !weekdayText.startsWith("*"),
  };
}

function allowed(text: string, field: Field): ReadonlySet<number> | undefined {
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const [, range = "", step = "1"] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [from, until] = bounds(range, field, part.includes("/"));
    const stride = Number(step);
    if (from === undefined || until === undefined || from > until || stride < 1) return undefined;
    for (let value = from; value <= until; value += stride) found.add(value);
  }
  return found;
}

function bounds(range: string, field: Field, isStepped: boolean): readonly (number | undefined)[] {
  if (range === "*") return [field.least, field.most];
  const [from = "", until, ...rest] = range.split("-");
  if (rest.length > 0) return [];
  const first = valueOf(from, field);
  // `5/15` goes on to the end of the field.
  if (until === undefined) return [first, isStepped ? field.most : first];
  return [first, valueOf(until, field)];
}

function valueOf(text: string, { least, most, names }: Field): number | undefined {
  const named = names.indexOf(text);
  const value = named === -1 ? Number(/^\d+$/.test(text) ? text : Number.NaN) : named + least;
  return value >= least && value <= most ? value : undefined;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Moments, epoch milliseconds, ascending, at which it recurs after `fromMs` and until `untilMs`, in a time zone of the IANA's, e.g. `Europe/Berlin`. */
export function recurrencesWithin(recurrence: Recurrence, fromMs: number, untilMs: number, timeZone = "UTC"): readonly number[] {
  const found: number[] = [];
  for (let hourStartMs = Math.floor(fromMs / hourMs) * hourMs; hourStartMs <= untilMs; hourStartMs += hourMs) {
    // No zone changes its offset within an hour of UTC but at its start or half.
    for (const halfMs of [hourStartMs, hourStartMs + hourMs / 2]) {
      const offsetMs = offsetOf(timeZone, halfMs);
      for (const each of recurrence.minutes) {
        for (const atMs of inHalf(halfMs, offsetMs, each)) if (atMs > fromMs && atMs <= untilMs && fits(recurrence, atMs + offsetMs)) found.push(atMs);
      }
    }
  }
  return found.toSorted((a, b) => a - b);
}

/** The moment of a half hour whose local clock shows that minute, if there is one. */
function inHalf(halfMs: number, offsetMs: number, localMinute: number): readonly number[] {
  const shown = new Date(halfMs + offsetMs).getUTCMinutes();
  const away = (localMinute - shown + 60) % 60;
  return away < 30 ? [halfMs + away * minuteMs] : [];
}

function fits({ hours, days, months, weekdays, bothDaysRestricted }: Recurrence, localMs: number): boolean {
  const local = new Date(localMs);
  const byDay = days.has(local.getUTCDate());
  const byWeekday = weekdays.has(local.getUTCDay());
  const isDay = bothDaysRestricted ? byDay || byWeekday : byDay && byWeekday;
  return isDay && hours.has(local.getUTCHours()) && months.has(local.getUTCMonth() + 1);
}

/** How far the zone's clock is ahead of UTC. Throws RangeError for a zone that nobody knows. */
function offsetOf(timeZone: string, atMs: number): number {
  if (timeZone === "UTC" || timeZone === "Etc/UTC") return 0;
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(new Date(atMs));
  const of = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute")) - atMs;
}
