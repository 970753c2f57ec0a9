import type { DomainSettings } from "../../constructs/dns/failover-record.ts";
import type { Problem } from "./problem.ts";
import type { Rule } from "./rule.ts";
import type { Settings } from "./settings-model.ts";
import type { Configuration } from "./settings-schema.ts";

/** The zone is the domain's parent unless it is said: `example.com` of `shop.example.com`, and of `example.com` itself. */
export function domainOf({ domain, hostedZone }: Configuration, problems: Problem[]): DomainSettings | undefined {
  if (domain !== undefined) return { name: domain, hostedZone: hostedZone ?? parentOf(domain) };
  if (hostedZone !== undefined) problems.push({ path: "hostedZone", message: "there is no domain in it", hint: "say `domain`, too, or remove it" });
  return undefined;
}

function parentOf(domain: string): string {
  const labels = domain.split(".");
  return labels.length > 2 ? labels.slice(1).join(".") : domain;
}

export const domainIsInItsZone: Rule = ({ domain }) =>
  domain === undefined || domain.name === domain.hostedZone || domain.name.endsWith(`.${domain.hostedZone}`)
    ? []
    : [{ path: "hostedZone", message: `${domain.name} is not in ${domain.hostedZone}`, hint: "name the zone that the domain is in (TAP_HOSTED_ZONE)" }];

export function domainWarnings(settings: Settings): readonly Problem[] {
  return settings.domain === undefined ? [] : [...clearTextWarning(settings, settings.domain), ...otherDataWarning(settings, settings.domain)];
}

/** Only outside production: there a certificate is a must. */
function clearTextWarning({ stacks }: Settings, { name }: DomainSettings): readonly Problem[] {
  if (stacks.every((stack) => stack.absent || stack.certificateArn !== undefined)) return [];
  return [
    {
      path: "domain",
      message: `${name} is answered in clear text where a region has no certificate`,
      hint: "add the ARN of an ACM certificate for each region (TAP_CERTIFICATE_ARN)",
    },
  ];
}

/** Where no store of one region is kept in the other, either. */
function otherDataWarning({ stacks }: Settings, { name }: DomainSettings): readonly Problem[] {
  const regions = stacks.filter((stack) => !stack.absent);
  const shares = regions.some(({ components: { aurora, rds, tables } }) => aurora !== null || rds !== null || tables.some(({ scope }) => scope === "global"));
  if (shares || regions.length < 2) return [];
  return [
    {
      path: "domain",
      message: `when ${name} fails over, it is answered from other data: ${regions.map(({ region }) => region).join(" and ")} hold nothing of each other`,
      hint: "name a single region, give each region a domain of its own, or see to it that your application writes to both",
    },
  ];
}
