import { sumMonthly } from "../core/money/monthly.ts";
import { count, dayAndTime, duration, monthly, usd } from "../core/report/figures.ts";
import { utcMinute } from "../core/model/utc.ts";
import type { Pictures } from "../core/report/page/pictures.ts";
import type { ProposalView, ReportView } from "../core/report/report-view.ts";
import { outcomeWords, projectionWords, realizedWords, refusalWords, resourceWords, roundWords, undoWords } from "../core/report/words.ts";
import type { Proposal } from "../core/model/rule.ts";
import { evidenceCell, list } from "./evidence.ts";
import { html, type Markup } from "./markup.ts";
import { renderPage } from "./page.ts";
import { table } from "./table.ts";
import { adviceSection } from "./views/advice.ts";
import { costsChart, costsView } from "./views/costs.ts";
import { leftAloneView } from "./views/left-alone.ts";
import { progressView } from "./views/progress.ts";
import { riskChart, riskView } from "./views/risk.ts";
import { cappedCardNote, savingsChart, savingsView } from "./views/savings.ts";
import { monthsChart, spendingSection } from "./views/spending.ts";
import { breachesView, tenantsView } from "./views/tenants.ts";
import { timelineChart, timelineView } from "./views/timeline.ts";
import { utilizationChart, utilizationView } from "./views/utilization.ts";

const journalRows = 400;

/** The page of a run: the verdict in one sentence, seven views drawn from real figures, and what they rest on. `plotly` is the library's source. */
export function runPage(view: ReportView, pictures: Pictures, plotly: string): string {
  const charts = [
    costsChart(pictures),
    monthsChart(pictures),
    timelineChart(pictures),
    utilizationChart(pictures),
    savingsChart(pictures),
    riskChart(pictures),
  ];
  return renderPage(
    {
      title: `Optimizer run ${view.runId}`,
      verdict: pictures.verdict,
      note: summaryLine(view),
      ...(view.outcome === null || view.outcome === undefined ? { notice: stillGoing(view) } : {}),
      charts: charts.filter((chart) => chart !== undefined),
      sections: [
        { id: "costs", title: "Cost by service", content: costsView(pictures) },
        ...spendingSection(pictures),
        { id: "timeline", title: "Timeline", content: timelineView(view, pictures) },
        { id: "progress", title: "Progress", content: progressView(pictures) },
        { id: "savings", title: "Savings", content: savingsView(pictures, moneyCards(view), `Realized so far: ${realizedWords(view.realized)}.`) },
        { id: "risk", title: "Risk", content: riskView(pictures) },
        { id: "utilization", title: "Utilization", content: utilizationView(pictures) },
        { id: "tenants", title: "Tenants", content: html`${tenantsView(view.tenants)}${breachesView(pictures)}` },
        { id: "proposals", title: "Proposals and evidence", content: proposals(view) },
        ...adviceSection(view.advice),
        ...(view.rollbacks.length === 0 ? [] : [{ id: "rollbacks", title: "Rollbacks", content: rollbacks(view) }]),
        ...(view.paged.length === 0 ? [] : [{ id: "paged", title: "Who was told", content: paged(view) }]),
        { id: "refused", title: "Refused sizes", content: refusals(view.refused), folded: true },
        { id: "skips", title: "Left alone", content: leftAloneView(view.skips, view.notes), folded: true },
        { id: "journal", title: "Journal", content: journal(view), folded: true },
      ],
    },
    plotly,
  );
}

function summaryLine(view: ReportView): string {
  const outcome = view.outcome === null || view.outcome === undefined ? "still open" : outcomeWords[view.outcome];
  return `${outcome}; account ${view.accountId}, ${view.regions.join(" and ")}; ${utcMinute(view.startedAtMs)} UTC, ${duration(view.lastRecordMs - view.startedAtMs)}; plan ${view.planHash.slice(0, 12)}`;
}

/** A page is a file: what happens later is in a later one. */
function stillGoing({ runId, lastRecordMs }: ReportView): string {
  return `This run is still going: the figures are as of ${utcMinute(lastRecordMs)} UTC. The file is written again at the end of each phase, and all the while by \`npx optimizer report ${runId} --watch\`; open it again to see newer ones.`;
}

function moneyCards(view: ReportView): Markup {
  const kept = sumMonthly(view.keptSavings.map((proposal) => proposal.savings));
  return html`<dl class="cards">
    ${card("Estimated", monthly(view.savings.estimated), `all proposals, list prices of ${view.prices.asOf}`)}
    ${card("Commitment-capped", monthly(view.savings.commitmentCapped), cappedCardNote(view.savings))}
    ${card("Applied and kept", monthly(kept), `${count(view.keptSavings.length, "change")}, by list prices`)}
    ${card("Realized so far", realizedFigure(view), "same weekdays, at equal requests where these are paid for")}
    ${card("This tool's bill", usd(view.bill.collected.usd + view.bill.runEstimate.usd), `${usd(view.bill.collected.usd)} to collect, ${usd(view.bill.runEstimate.usd)} expected to watch`)}
  </dl>`;
}

function realizedFigure({ realized }: ReportView): string {
  return realized.kind === "seen" ? usd(realized.usd) : realized.kind === "unread" ? "unknown" : "not yet seen";
}

export function card(term: string, figure: string, note: string): Markup {
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
      evidenceCell(proposal),
      list([undoWords(proposal.action), ...each.undo]),
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
  return table("What was proposed, why, and what became of it", columns, rows);
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
      return ["bad", "rollback incomplete"];
    case "pending":
    case "not-run":
      return ["soft", "not yet"];
    case "acting":
      return ["soft", "being changed"];
    case "brownout":
      return ["soft", "in brownout"];
    default:
      return status satisfies never;
  }
}

export function refusals(refused: ReportView["refused"]): Markup {
  const rows = refused.flatMap(({ decision, candidates }) =>
    candidates.map((candidate) => [
      resourceWords(decision.resource, decision.part),
      decision.resource.region,
      refusalWords(candidate),
      list(candidate.projections.map((projection) => `${projectionWords(projection)} (${projection.method})`)),
    ]),
  );
  const columns = [{ title: "Resource" }, { title: "Region" }, { title: "Refused" }, { title: "Projection" }];
  return table("Sizes that were examined and would be too small", columns, rows);
}

function rollbacks(view: ReportView): Markup {
  const rows = view.rollbacks.map((each) => [
    `phase ${each.phase}`,
    `${each.region}${roundWords(each.round)}`,
    each.verified ? html`<span class="good">verified by read-back</span>` : html`<span class="bad">not finished</span>`,
    each.reason,
    list(each.undone),
  ]);
  const columns = [{ title: "Phase" }, { title: "Region" }, { title: "State" }, { title: "Reason" }, { title: "Undone" }];
  return table("What was undone, and whether that was verified", columns, rows);
}

function paged(view: ReportView): Markup {
  const rows = view.paged.map(({ event, region, channel, result, attempts, atMs, detail = "" }) => [
    `${utcMinute(atMs)} UTC`,
    event,
    region ?? "",
    channel,
    result === "sent" ? html`<span class="good">told</span>` : html`<span class="bad">${result === "failed" ? "failed" : "given up"}</span>`,
    String(attempts),
    detail,
  ]);
  const columns = [
    { title: "Time" },
    { title: "Event" },
    { title: "Region" },
    { title: "By" },
    { title: "State" },
    { title: "Attempts" },
    { title: "Why not" },
  ];
  return table("Who was told outside of the terminal, and what could not be told", columns, rows);
}

function journal(view: ReportView): Markup {
  const shown = view.journal.slice(-journalRows);
  const left = view.journal.length - shown.length;
  const rows = shown.map((line) => [String(line.seq), dayAndTime(line.atMs - view.startedAtMs), `${utcMinute(line.atMs)} UTC`, line.region ?? "", line.text]);
  const columns = [{ title: "Record" }, { title: "Run time" }, { title: "Time" }, { title: "Region" }, { title: "What happened" }];
  const caption = left > 0 ? `The last ${shown.length} of ${view.journal.length} entries, slots left out` : "Slots that only passed are left out";
  return table(caption, columns, rows);
}
