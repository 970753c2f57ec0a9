import type { Skip } from "../../core/model/rule.ts";
import { count, number } from "../../core/report/figures.ts";
import { percent } from "../../core/model/percent.ts";
import type { Pictures } from "../../core/report/page/pictures.ts";
import { html, type Markup } from "../markup.ts";
import { table } from "../table.ts";
import { skipTable } from "./left-alone.ts";

/** What is excluded because it is a tenant's. */
export function tenantsView(excluded: readonly Skip[]): Markup {
  return html`<p>Resources that belong to a tenant are never changed. A load balancer does not tell its tenants apart: a breach meets all of a region's.</p>
    ${skipTable("Excluded because of a tenant", excluded)}`;
}

/** What each breach met: requests of the whole region, since a load balancer does not tell tenants apart. */
export function breachesView({ breaches }: Pictures): Markup {
  if (breaches.length === 0) return html`<p>No breach met any request.</p>`;
  const rows = breaches.map(({ phase, region, requests, failed, slots, minutes }) => [
    `phase ${phase}`,
    region,
    `${count(slots, "slot")}, ${number(minutes)} min`,
    number(requests),
    number(failed),
    requests === 0 ? "" : percent(failed / requests),
  ]);
  const columns = [
    { title: "Phase" },
    { title: "Region" },
    { title: "Over a limit for" },
    { title: "Requests then", figure: true as const },
    { title: "Failed", figure: true as const },
    { title: "Share", figure: true as const },
  ];
  return table("Whose requests a breach met", columns, rows);
}
