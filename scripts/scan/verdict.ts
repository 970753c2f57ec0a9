import type { FailedCheck, Report } from "./checkov-report.ts";
import type { Judgement } from "./exceptions.ts";

export interface Verdict extends Judgement {
  readonly report: Report;
  /** Stacks that the scanner did not look into. */
  readonly unread: readonly string[];
}

export function asText(verdict: Verdict, verbose: boolean): string {
  const { report, excused, unexcused, unread } = verdict;
  const stale = excused.filter(({ failures }) => failures.length === 0);
  const count = excused.reduce((sum, { failures }) => sum + failures.length, 0);
  return lines([
    ...unread.map((name) => `NOT READ  ${name}`),
    ...unexcused.map((failure) => `FAILED    ${failure.check} ${place(failure)}\n          ${failure.title}`),
    ...stale.map(({ exception }) => `STALE     ${exception.check} ${exception.resources}: no such check fails any more, remove the exception`),
    ...(verbose ? excused.map(({ exception, failures }) => `${exception.check} ${exception.resources}, ${failures.length} ×: ${exception.reason}`) : []),
    `checkov ${report.version}, ${report.stacks.length} stacks: ${report.passed} checks passed, ${unexcused.length} failed, ${count} excused by ${excused.length} exceptions${
      verbose ? "" : " (--verbose shows them)"
    }${stale.length === 0 ? "" : `, ${stale.length} of them stale`}`,
  ]);
}

export function asJson({ report, excused, unexcused, unread }: Verdict): string {
  const summary = {
    checkov: report.version,
    stacks: report.stacks,
    passed: report.passed,
    failed: unexcused,
    unread,
    stale: excused.filter(({ failures }) => failures.length === 0).map(({ exception }) => exception),
    excused: excused.map(({ exception, failures }) => ({ ...exception, failures: failures.map(place) })),
  };
  return `${JSON.stringify(summary, undefined, 2)}\n`;
}

function place({ blueprint, environment, stack, resource }: FailedCheck): string {
  return `${blueprint}-${environment}/${stack} ${resource}`;
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
