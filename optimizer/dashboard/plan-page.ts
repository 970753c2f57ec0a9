import type { Plan } from "../core/model/plan.ts";
import { count, dayAndTime, duration, monthly, usd } from "../core/report/figures.ts";
import { utcDay } from "../core/model/utc.ts";
import type { Pictures } from "../core/report/page/pictures.ts";
import { adviceOf } from "../core/report/advice.ts";
import { proposalsOf, skipsOf, withheldOf } from "../core/report/plan-blocks.ts";
import { plannedActions } from "../core/report/planned-actions.ts";
import { approveFlag, calendarWords, resourceWords, undoWords, withheldReason } from "../core/report/words.ts";
import { html, type Markup } from "./markup.ts";
import { renderPage } from "./page.ts";
import { evidenceCell, list } from "./evidence.ts";
import { card, refusals } from "./run-page.ts";
import { table } from "./table.ts";
import { adviceSection } from "./views/advice.ts";
import { costsChart, costsView } from "./views/costs.ts";
import { leftAloneView } from "./views/left-alone.ts";
import { riskChart, riskView } from "./views/risk.ts";
import { cappedCardNote, savingsChart, savingsView } from "./views/savings.ts";
import { monthsChart, spendingSection } from "./views/spending.ts";
import { tenantsView } from "./views/tenants.ts";
import { utilizationChart, utilizationView } from "./views/utilization.ts";

/** The page of a plan, to be approved before anything runs: the same views as a run's page, as far as they exist then. */
export function planPage(plan: Plan, planHash: string, pictures: Pictures, plotly: string): string {
  const skips = skipsOf(plan);
  const charts = [costsChart(pictures), monthsChart(pictures), savingsChart(pictures), riskChart(pictures), utilizationChart(pictures)];
  return renderPage(
    {
      title: `Optimizer plan ${planHash.slice(0, 12)}`,
      verdict: pictures.verdict,
      note: `account ${plan.accountId}; ${plan.deployments.deployments.map(({ region }) => region).join(" and ")}; baseline up to ${utcDay(plan.baselineSpan.endMs)}; nothing was changed`,
      charts: charts.filter((chart) => chart !== undefined),
      sections: [
        { id: "proposals", title: "Proposals and evidence", content: proposals(plan) },
        ...(withheldOf(plan).length === 0 ? [] : [{ id: "approvals", title: "Needs approval", content: approvals(plan) }]),
        ...adviceSection(adviceOf(plan)),
        { id: "costs", title: "Cost by service", content: costsView(pictures) },
        ...spendingSection(pictures),
        { id: "savings", title: "Savings", content: savingsView(pictures, cards(plan), "Realized is measured after the run.") },
        { id: "risk", title: "Risk", content: riskView(pictures) },
        { id: "utilization", title: "Utilization", content: utilizationView(pictures) },
        { id: "calendar", title: "Calendar and disruptions", content: calendar(plan) },
        {
          id: "tenants",
          title: "Tenants",
          content: tenantsView(skips.filter(({ code }) => code === "tenant-resource")),
        },
        { id: "refused", title: "Refused sizes", content: refusals(refusedOf(plan)), folded: true },
        {
          id: "skips",
          title: "Left alone",
          content: leftAloneView(
            skips.filter(({ code }) => code !== "tenant-resource"),
            plan.deployments.warnings,
          ),
          folded: true,
        },
      ],
    },
    plotly,
  );
}

function refusedOf({ decisions }: Plan) {
  return decisions.filter(({ refused }) => refused.length > 0).map((decision) => ({ decision, candidates: decision.refused }));
}

function cards({ savings, prices, bill }: Plan): Markup {
  return html`<dl class="cards">
    ${card("Estimated", monthly(savings.estimated), `all proposals, list prices of ${prices.asOf}`)}
    ${card("Commitment-capped", monthly(savings.commitmentCapped), cappedCardNote(savings))}
    ${card("This tool's bill", usd(bill.collected.usd + bill.runEstimate.usd), `${usd(bill.collected.usd)} spent on collecting, ${usd(bill.runEstimate.usd)} expected to watch`)}
  </dl>`;
}

function proposals(plan: Plan): Markup {
  const rows = proposalsOf(plan).map((proposal) => [
    html`${resourceWords(proposal.resource, proposal.part)}<small>${proposal.resource.region}, phase ${proposal.action.phase}</small>`,
    `${proposal.from} → ${proposal.to}`,
    html`${monthly(proposal.savings)}${proposal.monthlyCost === undefined ? undefined : html`<small>${monthly(proposal.monthlyCost.before)} → ${monthly(proposal.monthlyCost.after)}</small>`}`,
    evidenceCell(proposal),
    list([undoWords(proposal.action), ...proposal.action.rollback.map(({ description }) => description)]),
    list(proposal.warnings),
  ]);
  const columns = [
    { title: "Resource" },
    { title: "Change" },
    { title: "Estimated saving", figure: true as const },
    { title: "Evidence and projection" },
    { title: "Way back" },
    { title: "Warnings" },
  ];
  return table("What is proposed and why", columns, rows);
}

/** What is only planned once it is approved: what it would do, why it waits, and what to paste. */
function approvals(plan: Plan): Markup {
  const rows = withheldOf(plan).map(({ resource, part, withheld }) => [
    html`${resourceWords(resource, part)}<small>${resource.region}</small>`,
    withheld.summary,
    monthly(withheld.savings),
    withheldReason(withheld),
    html`<code>${approveFlag(withheld)}</code>`,
  ]);
  const columns = [
    { title: "Resource" },
    { title: "Change" },
    { title: "Would save", figure: true as const },
    { title: "Why it waits" },
    { title: "Make the plan again with" },
  ];
  return table("Not in this plan until somebody approves", columns, rows);
}

function calendar(plan: Plan): Markup {
  const entries = plan.calendar.map((entry) => [dayAndTime(entry.atMinutes * 60_000), calendarWords(entry)]);
  const disruptions = plannedActions(plan).flatMap((action) =>
    action.disruptions.map(({ kind, seconds, detail }) => [
      resourceWords(action.resource),
      action.region,
      kind.replace("-", " "),
      `up to ${duration(seconds * 1000)}`,
      detail,
    ]),
  );
  return html`${table("From the run's start", [{ title: "When" }, { title: "What" }], entries)}
    <p class="soft">${count(disruptions.length, "short disruption")} caused by the changes themselves.</p>
    ${table("Disruptions", [{ title: "Resource" }, { title: "Region" }, { title: "Kind" }, { title: "How long" }, { title: "What" }], disruptions)}`;
}
