import { resourceKinds } from "../levers/resource-kinds.ts";
import type { Action, Round } from "../model/action.ts";
import type { RealizedSoFar } from "../model/money.ts";
import type { RunOutcome } from "../model/journal-record.ts";
import type { CalendarEntry } from "../model/plan.ts";
import type { ResourceRef } from "../model/resource-ref.ts";
import type { Candidate, Evidence, Projection, SkipCode, Withheld } from "../model/rule.ts";
import type { PhaseNumber } from "../model/rule-id.ts";
import { count, duration, number, usd } from "./figures.ts";
import { percent } from "../model/percent.ts";
import { utcMinute } from "../model/utc.ts";

/** What a phase is about, in words. */
export const phaseTitles: Readonly<Record<PhaseNumber, string>> = { 1: "tables and storage", 2: "compute and cache", 3: "databases" };

/** What a run came to, as people say it; programs read the outcome itself. */
export const outcomeWords: Readonly<Record<RunOutcome, string>> = {
  adoptable: "succeeded",
  "partly-rolled-back": "partly rolled back",
  "rolled-back": "rolled back",
  "rollback-incomplete": "rollback incomplete",
  "nothing-to-do": "nothing to do",
  aborted: "aborted",
};

/** A round of a phase, after its region's name; the first needs no words. */
export function roundWords(round: Round): string {
  return round === 1 ? "" : `, round ${round}`;
}

/** How an action is undone: `some 2 h to undo`, or why no time can be told; where it cannot be, what does not come back. */
export function undoWords({ reversibility, undoMinutes, cannotComeBack }: Action): string {
  if (reversibility !== "irreversible")
    return typeof undoMinutes === "number"
      ? `some ${duration(undoMinutes * 60_000)} to undo`
      : `${reversibility} to undo, in a time that cannot be told: ${undoMinutes.reason}`;
  return cannotComeBack === undefined ? "cannot be undone" : `cannot be undone: ${cannotComeBack} would not come back`;
}

/** Why an action waits for an approval. */
export function withheldReason({ why, cannotComeBack }: Withheld): string {
  return cannotComeBack === undefined ? why : `${why}; ${cannotComeBack} would not come back`;
}

/** What approves of it, as it can be pasted. */
export function approveFlag({ action }: Withheld): string {
  return /^[\w./:=@-]+$/.test(action) ? `--approve ${action}` : `--approve '${action.replaceAll("'", `'\\''`)}'`;
}

/** Skip codes as people say them. */
export const skipWords: Readonly<Record<SkipCode, string>> = {
  "tenant-resource": "belongs to a tenant",
  "insufficient-data": "not enough data",
  "threshold-not-met": "is being used",
  "does-not-fit": "no smaller size fits",
  scaled: "scales by itself",
  "still-read": "still read",
  "no-counterpart": "goes with no other",
  "already-there": "already at its target",
  "cannot-judge": "could not be judged afterwards",
  "not-owner": "decided by its owner region",
  "needs-approval": "needs approval",
  shared: "shared with others",
  unsupported: "not supported",
  "not-found": "not found",
  unreadable: "could not be read",
  "failover-required": "kept for a failover",
  "phase-skipped": "phase skipped by request",
};

/** `table tap-prod-tenants`, with the part where the decision is about one: `table tap-prod-tenants, index by-plan`. */
export function resourceWords(ref: ResourceRef, part?: string): string {
  const { word, partWord } = resourceKinds[ref.kind];
  const name = `${word} ${ref.id}`;
  return part === undefined ? name : [`${name},`, partWord, part].filter((text) => text !== "").join(" ");
}

export function dimensionWords(dimension: Projection["dimension"]): string {
  return dimension === "cpu" ? "CPU" : dimension === "ebs" ? "EBS" : dimension;
}

/** `CPU would be 152 % of the allowed 80 %`. */
export function projectionWords(projection: Projection): string {
  const when = projection.worstHour === undefined ? "" : ` in its worst hour (${utcMinute(projection.worstHour.atMs)} UTC)`;
  return `${dimensionWords(projection.dimension)} ${percent(projection.current)}${when} would become ${percent(projection.projected)}, allowed ${percent(projection.limit)}`;
}

/** The projection that decides: the one nearest to, or furthest over, its limit. */
export function worstProjection(candidate: Candidate): Projection | undefined {
  return candidate.projections.reduce<Projection | undefined>(
    (worst, each) => (worst === undefined || each.projected / each.limit > worst.projected / worst.limit ? each : worst),
    undefined,
  );
}

/** `db.r6g.xlarge refused: CPU 26 % would become 152 %, allowed 80 %`. */
export function refusalWords(candidate: Candidate): string {
  const misfits = candidate.projections.filter((projection) => !projection.fits);
  if (misfits.length === 0) return `${candidate.target} refused`;
  return `${candidate.target} refused: ${misfits.map(projectionWords).join("; ")}`;
}

/** `CPU p99.5 of 5-minute maxima 26 %`, with how complete the series were where they were not. */
export function evidenceWords(evidence: Evidence): string {
  const limit = evidence.limit === undefined ? "" : `, limit ${figureWords(evidence.limit, evidence.unit)}`;
  const gaps = evidence.completeness >= 0.9995 ? "" : `, ${percent(evidence.completeness)} of points`;
  const when = evidence.atMs === undefined ? "" : `, ${utcMinute(evidence.atMs)} UTC`;
  return `${evidence.name} ${figureWords(evidence.value, evidence.unit)} (${evidence.statistic}${when}${limit}${gaps})`;
}

function figureWords(value: number, unit: Evidence["unit"]): string {
  switch (unit) {
    case "Percent":
      return percent(value / 100);
    case "Ratio":
      return percent(value);
    case "Seconds":
      return `${number(value)} s`;
    case "Megabytes":
      return `${number(value)} MB`;
    case "Milliseconds":
      return `${number(value)} ms`;
    case "Queries/Week":
      return `${number(value)} queries a week`;
    case "Correlation":
      return value.toFixed(2);
    case "Count":
    case "None":
      return number(value);
    case "Count/Second":
      return `${number(value)} a second`;
    case "Bytes":
      return byteText(value);
    case "Bytes/Second":
      return `${byteText(value)} a second`;
    case "Connections":
    case "Days":
    case "Gbps":
      return `${number(value)} ${unit.toLowerCase().replace("/", " a ").replace("gbps", "Gbit/s")}`;
  }
}

const byteUnits = [
  ["TiB", 1024 ** 4],
  ["GiB", 1024 ** 3],
  ["MiB", 1024 ** 2],
  ["KiB", 1024],
] as const;

/** `11 GiB`, so that the reader need not count digits. */
function byteText(bytes: number): string {
  const unit = byteUnits.find(([, size]) => Math.abs(bytes) >= size);
  return unit === undefined ? `${number(bytes)} bytes` : `${number(bytes / unit[1])} ${unit[0]}`;
}

/** What a calendar entry says. */
export function calendarWords(entry: CalendarEntry): string {
  const where = `${entry.region === undefined ? "" : ` in ${entry.region}`}${roundWords(entry.round ?? 1)}`;
  switch (entry.what) {
    case "brownout":
      return `phase ${entry.phase}: brownout begins${where}`;
    case "act":
      return `phase ${entry.phase}: changes${where}`;
    case "soak-ends":
      return `phase ${entry.phase}: the canary${where} has soaked`;
    case "window-ends":
      return `phase ${entry.phase}: window closes${where}`;
  }
}

/** Where the realized figure comes from, or why there is none. */
export function realizedWords(realized: RealizedSoFar): string {
  switch (realized.kind) {
    case "seen":
      return `Cost Explorer, against the same weekdays before: ${realized.savings
        .map(
          ({ region, service, comparedAt, days, usd: amount }) =>
            `${service} in ${region} ${usd(amount)} in ${count(days, "day")}${comparedAt === "equal-requests" ? ", at equal requests" : ""}`,
        )
        .join("; ")}`;
    case "not-yet":
      return realized.reason;
    case "unread":
      return `Cost Explorer could not be read: ${realized.reason}`;
  }
}
