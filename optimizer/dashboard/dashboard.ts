import { sumMonthly } from "../core/money/monthly.ts";
import { count, dayAndTime, duration, monthly, usd, utcMinute } from "../core/report/figures.ts";
import type { ProposalView, ReportView } from "../core/report/report-view.ts";
import { verdictWords } from "../core/report/record-lines.ts";
import { evidenceWords, projectionWords, realizedWords, refusalWords, resourceWords, skipWords } from "../core/report/words.ts";
import type { Proposal, Skip } from "../core/model/rule.ts";
import { html, type Markup } from "./markup.ts";
import { pageStyle } from "./page-style.ts";
import { table } from "./table.ts";
import { timeline } from "./timeline.ts";

const journalRows = 400;

/** One self-contained page: nothing is loaded, no script runs, every name is escaped. */
export function dashboard(view: ReportView): string {
  const title = `Optimizer run ${view.runId}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${{ markup: pageStyle }}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p class="soft">${summaryLine(view)}</p>
        </header>
        <main>${money(view)}${proposals(view)}${refusals(view)}${windows(view)}${rollbacks(view)}${tenants(view)}${leftAlone(view)}${journal(view)}</main>
      </body>
    </html> `.markup;
}

function summaryLine(view: ReportView): string {
  const outcome = view.outcome === null || view.outcome === undefined ? "still open" : view.outcome.replaceAll("-", " ");
  return `${outcome}; account ${view.accountId}, ${view.regions.join(" and ")}; ${utcMinute(view.startedAtMs)} UTC, ${duration(view.lastRecordMs - view.startedAtMs)}; plan ${view.planHash.slice(0, 12)}`;
}

function money(view: ReportView): Markup {
  const kept = sumMonthly(view.keptSavings.map((proposal) => proposal.savings));
  return html`<section aria-labelledby="money">
    <h2 id="money">Money</h2>
    <dl class="cards">
      ${card("Estimated", monthly(view.savings.estimated), `all proposals, list prices of ${view.prices.asOf}`)}
      ${card("Commitment-capped", monthly(view.savings.commitmentCapped), "what is really paid on demand today")}
      ${card("Realized so far", realizedFigure(view), "same weekdays before and after")}
      ${card("Applied and kept", monthly(kept), `${count(view.keptSavings.length, "change")}, by list prices`)}
      ${card("This tool's bill", usd(view.bill.collected.usd + view.bill.runEstimate.usd), `${usd(view.bill.collected.usd)} to collect, ${usd(view.bill.runEstimate.usd)} expected to watch`)}
    </dl>
    <p class="soft">
      Estimated, commitment-capped and realized savings are three different figures; they are never added up. Realized so far: ${realizedWords(view.realized)}.
    </p>
  </section>`;
}

function realizedFigure({ realized }: ReportView): string {
  return realized.kind === "seen" ? usd(realized.usd) : realized.kind === "unread" ? "unknown" : "not yet seen";
}

function card(term: string, figure: string, note: string): Markup {
  return html`<div>
    <dt>${term}</dt>
    <dd>${figure}<small>${note}</small></dd>
  </div>`;
}

function proposals(view: ReportView): Markup {
  const rows = view.proposals.map((each) => {
    const { proposal } = each;
    return [
      html`${resourceWords(proposal.resource, proposal.part)}<small>${proposal.resource.region}, phase ${proposal.action.phase}</small>`,
      `${proposal.from} → ${proposal.to}`,
      fateCell(each),
      savingCell(proposal),
      list([...proposal.evidence.map(evidenceWords), ...(proposal.chosen?.projections.map(projectionWords) ?? [])]),
      list([`${proposal.action.reversibility} to undo`, ...each.undo]),
    ];
  });
  const columns = [
    { title: "Resource" },
    { title: "Change" },
    { title: "What became of it" },
    { title: "Estimated saving", figure: true as const },
    { title: "Evidence and projection" },
    { title: "Way back" },
  ];
  return section("proposals", "Proposals", table("What was proposed, why, and what became of it", columns, rows));
}

function savingCell({ savings, monthlyCost }: Proposal): Markup {
  const costs = monthlyCost === undefined ? undefined : html`<small>${monthly(monthlyCost.before)} → ${monthly(monthlyCost.after)}</small>`;
  return html`${monthly(savings)}${costs}`;
}

function fateCell({ status, kept }: ProposalView): Markup {
  const [tone, words] = fateOf(status, kept);
  return html`<span class="${tone}">${words}</span>`;
}

/** Applied is not kept before its window has passed. */
function fateOf(status: ProposalView["status"], kept: boolean): readonly [tone: "good" | "warn" | "bad" | "soft", words: string] {
  switch (status) {
    case "applied":
    case "finished":
      return kept ? ["good", "applied and kept"] : ["soft", "applied, its window is not over"];
    case "rolled-back":
      return ["warn", "rolled back"];
    case "rolling-back":
      return ["warn", "rolling back"];
    case "skipped":
      return ["warn", "not carried out"];
    case "drifted":
      return ["warn", "changed by someone else, left alone"];
    case "rollback-incomplete":
      return ["bad", "roll-back incomplete"];
    case "pending":
    case "not-run":
      return ["soft", "not yet"];
    case "acting":
      return ["soft", "being changed"];
    case "brown-out":
      return ["soft", "in brown-out"];
    default:
      return status satisfies never;
  }
}

function refusals(view: ReportView): Markup {
  const rows = view.refused.flatMap(({ decision, candidates }) =>
    candidates.map((candidate) => [
      resourceWords(decision.resource, decision.part),
      decision.resource.region,
      refusalWords(candidate),
      list(candidate.projections.map((projection) => `${projectionWords(projection)} (${projection.method})`)),
    ]),
  );
  const columns = [{ title: "Resource" }, { title: "Region" }, { title: "Refused" }, { title: "Projection" }];
  return section("refused", "Refused sizes", table("Sizes that were examined and would be too small", columns, rows));
}

function windows(view: ReportView): Markup {
  const rows = view.windows.map((window) => [
    `phase ${window.phase}`,
    window.region,
    dayAndTime(window.startMs - view.startedAtMs),
    duration((window.stretches.at(-1)?.endMs ?? window.startMs) - window.startMs),
    window.stretches.reduce((sum, stretch) => sum + stretch.slots, 0),
    window.status.replaceAll("-", " "),
    window.verdict === undefined ? "open" : `${window.verdict.kind}: ${verdictWords(window.verdict)}`,
  ]);
  const columns = [
    { title: "Phase" },
    { title: "Region" },
    { title: "Opened" },
    { title: "Watched" },
    { title: "Slots", figure: true as const },
    { title: "Region ended as" },
    { title: "Verdict" },
  ];
  return section("timeline", "Timeline", html`${timeline(view)}${table("Windows and their verdicts", columns, rows)}`);
}

function rollbacks(view: ReportView): Markup {
  const rows = view.rollbacks.map((each) => [
    `phase ${each.phase}`,
    each.region,
    each.verified ? html`<span class="good">verified by read-back</span>` : html`<span class="bad">not finished</span>`,
    each.reason,
    list(each.undone),
  ]);
  const columns = [{ title: "Phase" }, { title: "Region" }, { title: "State" }, { title: "Reason" }, { title: "Undone" }];
  return section("rollbacks", "Roll-backs", table("What was undone, and whether that was verified", columns, rows));
}

function tenants(view: ReportView): Markup {
  return section(
    "tenants",
    "Tenants",
    html`<p>Resources that belong to a tenant are never changed.</p>
      ${skipTable("Excluded because of a tenant", view.tenants)}`,
  );
}

function leftAlone(view: ReportView): Markup {
  return section(
    "skips",
    "Left alone",
    html`${skipTable("Skipped, each with its reason", view.skips)}${view.notes.length === 0 ? undefined : list(view.notes)}`,
  );
}

function skipTable(caption: string, skips: readonly Skip[]): Markup {
  const rows = skips.map((skip) => [
    resourceWords(skip.resource, skip.part),
    skip.resource.region,
    skip.rule,
    skipWords[skip.code],
    skip.detail,
    list(skip.evidence.map(evidenceWords)),
  ]);
  return table(caption, [{ title: "Resource" }, { title: "Region" }, { title: "Rule" }, { title: "Reason" }, { title: "Detail" }, { title: "Evidence" }], rows);
}

function journal(view: ReportView): Markup {
  const shown = view.journal.slice(-journalRows);
  const left = view.journal.length - shown.length;
  const rows = shown.map((line) => [String(line.seq), dayAndTime(line.atMs - view.startedAtMs), `${utcMinute(line.atMs)} UTC`, line.region ?? "", line.text]);
  const columns = [{ title: "Record" }, { title: "Run time" }, { title: "Time" }, { title: "Region" }, { title: "What happened" }];
  const caption = left > 0 ? `The last ${shown.length} of ${view.journal.length} entries, slots left out` : "Slots that only passed are left out";
  return section("journal", "Journal", table(caption, columns, rows));
}

function section(id: string, title: string, content: Markup): Markup {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section> `;
}

function list(items: readonly string[]): Markup {
  return items.length === 0
    ? html``
    : html`<ul>
        ${items.map((item) => html`<li>${item}</li>`)}
      </ul>`;
}
