import { arnsWithin, type Arn } from "./arns.ts";
import { regionOfBalancerZone } from "./balancer-zones.ts";
import type { OutputEntry } from "./output-tree.ts";
import { isElsewhere } from "./key-meanings.ts";
import { rolesOf } from "./key-roles.ts";
import { isRegion, regionOfShortForm, regionOfZone, regionsWithin } from "./region-names.ts";
import { regionOfShortName, regionSpelled } from "./region-spellings.ts";
import { isComponentWord } from "./region-subjects.ts";

/**
 * How surely evidence says where a stack is. `stated`: a key that names the region of all. `component`: one that names the region of
 * one of its parts. `shown`: an ARN, an endpoint, a zone, a link. `hinted`: what is often elsewhere (certificates, buckets, multi-Region keys, replicas), and regions within names. `placed`: a
 * place that AWS calls a region by, such as Frankfurt, which markets and customers are called by, too.
 */
export type Strength = "stated" | "component" | "shown" | "hinted" | "placed";

/** A region with what names it, for messages. */
export interface QuotedRegion {
  readonly region: string;
  /** File and key. */
  readonly place: string;
  readonly quote: string;
}

export interface RegionEvidence extends QuotedRegion {
  readonly strength: Strength;
  /** What can only be where the stack is: load balancers, instances, databases, caches, zones, the stack itself. */
  readonly isHosting: boolean;
  /** `primary`, `dr`, …: which of several places the key is about. */
  readonly roles: readonly string[];
  /** Words that say what it is about (`aurora_region`); absent where it is about all. */
  readonly subject?: readonly string[];
  /** Labels of an AWS host: the one of a cluster or load balancer holds its name. */
  readonly labels?: readonly string[];
  /** The account of an ARN. */
  readonly account?: string;
}

/** What one value says of a region, before the key has its say. */
interface Sighting {
  readonly region: string;
  readonly quote: string;
  readonly isWeak: boolean;
  readonly isHosting: boolean;
  readonly labels?: readonly string[];
  readonly account?: string;
}

/** Longer texts are scripts and files; a region in them is not looked for beyond this. */
const longestRead = 20_000;
const longestQuote = 100;

const hostingServices: ReadonlySet<string> = new Set("autoscaling elasticloadbalancing rds elasticache ec2 ecs eks cloudformation".split(" "));
/**
 * CloudFront takes certificates and functions from us-east-1 alone, images and buckets are shared between regions, bills and reports of health are where
 * AWS writes them; mail, models and sign-on are often used from wherever an account has them.
 */
const weakServices: ReadonlySet<string> = new Set(
  "acm ecr ecr-public s3 route53 cloudfront iam budgets ce cur bcm-data-exports health organizations support trustedadvisor devicefarm chatbot ses bedrock sso identitystore globalaccelerator".split(
    " ",
  ),
);
const awsHost =
  /(?<![a-z0-9.-])[a-z0-9][a-z0-9.-]{0,250}\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.cn|amazonaws-us-gov\.com|aws\.amazon\.com|amazoncognito\.com|awsapprunner\.com|elasticbeanstalk\.com|on\.aws|api\.aws|app\.aws|compute\.internal|ec2\.internal)(?![a-z0-9-])(?:[/?#][^\s"'<>]*)?/gi;
const hostingHosts = /\.(?:rds|elb|cache|compute|compute-1|eks|ec2)\.|\.elasticbeanstalk\.|\.compute-1\./;
const weakHosts =
  /(?:^|\.)(?:s3|s3-[a-z0-9-]+|dkr\.ecr)\.|^(?:email|email-smtp|inbound-smtp|bedrock|bedrock-[a-z-]+|api\.pricing|globalaccelerator|ce|health|support|organizations|oidc|portal\.sso)\./;
/** Consoles of global services stand in us-east-1, wherever their users are. */
const globalConsole = /console\.[^/]*\/(?:cloudfront|iam|iamv2|route53|billing|cost-management|organizations|s3|waf|wafv2)\b/;
const namedRegion = /(?:[?&#;]region=|--region[ =]+|AWS_(?:DEFAULT_)?REGION=["']?)([a-z0-9-]+)/g;
const cognitoId = /^([a-z]+(?:-[a-z]+)+-\d)(?:_[A-Za-z0-9]+|:[0-9a-f-]{36})$/;

/** Everything an entry's key and value say of regions. */
export function regionEvidenceOf(entry: OutputEntry): readonly RegionEvidence[] {
  const { meaning, words, place, text } = entry;
  if (text === undefined) return [];
  // AWS Backup's own resources are no backup of the stack.
  const roles = rolesOf(words).filter((role) => !(role.startsWith("backup") && /^arn:[a-z-]+:backup:/.test(text)));
  if (meaning.kind === "region") {
    const region = regionSpelled(text);
    if (region === undefined) return [];
    const { subject } = meaning;
    const stated = subject.some(isComponentWord) ? "component" : "stated";
    const strength: Strength = meaning.isStated && !entry.isForeign ? stated : "hinted";
    return [{ region, strength, isHosting: false, roles, ...(subject.length === 0 || entry.isForeign ? {} : { subject }), place, quote: text.trim() }];
  }
  const isDoubtful = entry.isForeign || isElsewhere(words);
  const seen = sightings(text);
  if (seen.length === 0)
    return saidInPassing(text, words).map((region) => ({ region, strength: "placed", isHosting: false, roles, place, quote: clipped(text.trim()) }));
  return seen.map(({ region, quote, isWeak, ...sighting }) => ({
    ...sighting,
    region,
    strength: isWeak || isDoubtful ? "hinted" : "shown",
    isHosting: sighting.isHosting && !isDoubtful,
    roles,
    place,
    quote: clipped(quote),
  }));
}

const locationWords: ReadonlySet<string> = new Set("location datacenter datacentre dc geo geography site".split(" "));

/** Regions as people shorten them in names (`prod-euw1-web`), as sentences tell them, and as zones within names of S3's directory buckets. */
function saidInPassing(text: string, words: readonly string[]): readonly string[] {
  const given = text.slice(0, longestRead).trim();
  if (words.some((word) => locationWords.has(word))) return [regionSpelled(given) ?? []].flat();
  const named = regionsWithin(given);
  if (named.length > 0 || /\s/.test(given)) return named;
  const parts = given.toLowerCase().split(/[^a-z0-9]+/);
  return [...new Set(parts.flatMap((part) => regionOfShortName(part) ?? []))];
}

function sightings(whole: string): readonly Sighting[] {
  const text = whole.slice(0, longestRead).trim();
  const zone = regionOfZone(text) ?? regionOfBalancerZone(text);
  if (zone !== undefined) return [{ region: zone, quote: text, isWeak: false, isHosting: true }];
  const cognito = cognitoId.exec(text)?.[1];
  if (cognito !== undefined && isRegion(cognito)) return [{ region: cognito, quote: text, isWeak: false, isHosting: false }];
  const found = [...arnsWithin(text).flatMap(fromArn), ...[...text.matchAll(awsHost)].flatMap(([host]) => fromHost(host)), ...named(text)];
  if (found.length > 0 || /\s/.test(text)) return found;
  return regionsWithin(text).map((region) => ({ region, quote: text, isWeak: true, isHosting: false }));
}

function fromArn({ text, service, region, account, resource }: Arn): readonly Sighting[] {
  // A web ACL of CloudFront has the region us-east-1 in its ARN and is everywhere.
  if (region === undefined || (service === "wafv2" && resource.startsWith("global/"))) return [];
  const isWeak = weakServices.has(service) || (service === "kms" && resource.startsWith("key/mrk-"));
  return [{ region, quote: text, isWeak, isHosting: hostingServices.has(service), ...(account === undefined ? {} : { account }) }];
}

function fromHost(url: string): readonly Sighting[] {
  const [host = ""] = url.split(/[/?#]/);
  const labels = host.toLowerCase().split(".");
  const isWeak = weakHosts.test(host) || globalConsole.test(url);
  const told = labels.flatMap((label) => regionOfLabel(label) ?? []).at(-1) ?? regionOfCache(labels) ?? legacyRegion(host);
  if (told !== undefined) return [{ region: told, quote: host, isWeak, isHosting: hostingHosts.test(host), labels }];
  return regionsWithin(host).map((region) => ({ region, quote: host, isWeak: true, isHosting: false, labels }));
}

/** `eu-west-1`, and S3's older `s3-eu-west-1` and `s3-website-eu-west-1`. */
function regionOfLabel(label: string): string | undefined {
  const region = label.replace(/^s3-(?:website-|fips-)?/, "");
  return isRegion(region) && regionsWithin(region).length === 1 ? region : regionOfZone(label);
}

/** ElastiCache shortens: `….abc123.use1.cache.amazonaws.com`. */
function regionOfCache(labels: readonly string[]): string | undefined {
  const at = labels.lastIndexOf("cache");
  return at < 1 ? undefined : regionOfShortForm(labels[at - 1] ?? "");
}

/** Names of EC2, SQS and S3 in us-east-1 that are older than regions in names. */
function legacyRegion(host: string): string | undefined {
  return /\.compute-1\.amazonaws\.com$|\.ec2\.internal$|^queue\.amazonaws\.com$|(?:^|\.)s3-external-1\.amazonaws\.com$/.test(host) ? "us-east-1" : undefined;
}

function named(text: string): readonly Sighting[] {
  return [...text.matchAll(namedRegion)].flatMap(([quote, region = ""]) =>
    isRegion(region) ? [{ region, quote, isWeak: globalConsole.test(text), isHosting: false }] : [],
  );
}

/** Enough of a long value to find it by. */
export function clipped(text: string): string {
  return text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text;
}

/** `us-east-1 by aws_region ("us-east-1")` and so on, one piece of evidence a region. */
export function toldApart(evidence: readonly QuotedRegion[]): string {
  const first = new Map(evidence.toReversed().map((each) => [each.region, each]));
  return [...first.values()]
    .toSorted((a, b) => (a.region < b.region ? -1 : 1))
    .map(({ region, place, quote }) => `${region} by ${place} (${JSON.stringify(quote)})`)
    .join(", ");
}

/** ARNs of another account than the outputs' say little of where the outputs' stack is. */
export function withoutStrangers(evidence: readonly RegionEvidence[], accountId: string): readonly RegionEvidence[] {
  if (evidence.every(({ account = accountId }) => account === accountId)) return evidence;
  return evidence.map((each) =>
    each.account !== undefined && each.account !== accountId && each.strength === "shown" ? { ...each, strength: "hinted", isHosting: false } : each,
  );
}
