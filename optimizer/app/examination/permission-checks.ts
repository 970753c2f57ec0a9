import type { Check, CheckArea } from "../../core/model/check.ts";
import { count } from "../../core/report/figures.ts";
import type { WatchedCall } from "../../ports/calls.ts";

/** Gravest first: of the answers to an action's calls, the gravest one counts. */
const outcomes = ["denied", "credentials-refused", "not-enabled", "unanswered", "throttled", "answered"] as const satisfies readonly WatchedCall["outcome"][];

interface Asked {
  readonly area: CheckArea;
  readonly region?: string;
  /** What a plan may ask. */
  readonly needed: readonly string[];
  readonly calls: readonly WatchedCall[];
}

/** Each action that AWS did not answer, how many it did, and which were not asked. */
export function permissionChecks({ area, region, needed, calls }: Asked): readonly Check[] {
  const about = { area, ...(region === undefined ? {} : { region }) };
  const worst = new Map<string, WatchedCall>();
  for (const call of calls) {
    const known = worst.get(call.action);
    if (known === undefined || outcomes.indexOf(call.outcome) < outcomes.indexOf(known.outcome)) worst.set(call.action, call);
  }
  const asked = [...worst.values()].toSorted((a, b) => (a.action < b.action ? -1 : 1));
  const answered = asked.filter(({ outcome }) => outcome === "answered");
  const unasked = needed.filter((action) => !worst.has(action));
  return [
    ...asked.flatMap((call): readonly Check[] => (call.outcome === "answered" ? [] : [{ ...about, name: call.action, ...judged(call, region) }])),
    ...(answered.length === 0 ? [] : [{ ...about, name: "reads", verdict: "ok" as const, seen: `${count(answered.length, "action")} answered` }]),
    ...(unasked.length === 0
      ? []
      : [
          {
            ...about,
            name: "reads",
            verdict: "not-looked-at" as const,
            seen: `${unasked.join(", ")}: sent only where there is something to ask about`,
          },
        ]),
  ];
}

function judged({ action, outcome, detail, region }: WatchedCall, own: string | undefined): Pick<Check, "verdict" | "seen" | "remedy"> {
  const seen = own === undefined || region === own ? detail : `in ${region}: ${detail}`;
  switch (outcome) {
    case "denied":
      return { verdict: "problem", seen, remedy: `allow ${action}: \`optimizer iam-policy --read\` prints the whole policy` };
    case "credentials-refused":
      return { verdict: "problem", seen, remedy: "sign in again; where other regions answer, this one is not enabled for the account" };
    case "not-enabled":
      return { verdict: "warning", seen, remedy: "the service is not switched on for the account: what it tells stays unknown, and a plan says so" };
    case "unanswered":
      return { verdict: "problem", seen, remedy: "check the network, the proxy and the region's name" };
    case "throttled":
      return { verdict: "warning", seen, remedy: "somebody else asks a lot: try again in some minutes" };
    case "answered":
      return { verdict: "ok", seen };
  }
}
