import { UserError } from "../../../contract/user-error.ts";
import { oncePer } from "../../core/model/once.ts";
import type { FoundIdentifier, GroupContents } from "./group-contents.ts";
import { isFirstRole, isOtherRole, rolesOf } from "./key-roles.ts";
import { keyWordsOf } from "./key-words.ts";
import { checkedRegion } from "./region-spellings.ts";
import { clipped, toldApart, type QuotedRegion, type RegionEvidence } from "./region-evidence.ts";
import { aboutness, isAboutCompanions } from "./region-subjects.ts";

/** Where identifiers of a group without an ARN of their own belong, or the evidence that does not agree. */
type Home = { readonly region: string; readonly note?: string } | { readonly conflict: readonly RegionEvidence[] };

export interface RegionQuestion {
  /** `--region` */
  readonly asked: readonly string[];
  /** What the whole document of a group says. */
  readonly ofDocument: (group: GroupContents) => readonly RegionEvidence[];
  /** What all documents say. */
  readonly ofAll: readonly RegionEvidence[];
}

const defaultRegion = "us-east-1";

/** The region of an identifier, and what to tell of how it was found. */
export interface FoundRegion {
  readonly region: string;
  readonly note?: string;
}

/** Answers where the identifiers of one group are. */
export interface GroupRegions {
  /**
   * Its own ARN's region; else the one its key names; else that of its twin with an ARN; else that of keys with its role (`dr_…`) or
   * about it (`aurora_region`); else the group's; else its own host's. Throws a UserError that quotes the evidence where it does not agree.
   */
  of(identifier: FoundIdentifier): FoundRegion;
  /** The group's region where it is certain: what is said of the group as a whole is put there. */
  certainHome(): string | undefined;
  /** Whether the group states one region, and an identifier is elsewhere without its key saying so. */
  isAstray(identifier: FoundIdentifier, region: string): boolean;
}

export function regionsOfGroup(group: GroupContents, question: RegionQuestion): GroupRegions {
  const twins = twinRegions(group);
  const stated = regionsOf(group.evidence.filter((each) => strengthOf(each) === "stated").map((each) => each.region));
  let known: Home | undefined;
  const home = (): Home => (known ??= homeOf(group, question));
  return {
    of(identifier) {
      return (
        certainRegion(identifier, group, twins) ??
        saidOf(identifier, group, group.evidence) ??
        unreadableOf(identifier, group) ??
        saidOf(identifier, group, allAround(group)) ??
        saidElsewhere(identifier, question.ofDocument(group)) ??
        inHome(identifier, group, home())
      );
    },
    certainHome() {
      const found = home();
      return "region" in found ? found.region : undefined;
    },
    isAstray: ({ roles, keyRegion }, region) => stated.length === 1 && stated[0] !== region && keyRegion === undefined && !roles.some(isOtherRole),
  };
}

/** The region of each identifier that also stands there as an ARN; the first one where there are several, since each of them is placed. */
function twinRegions({ identifiers }: GroupContents): ReadonlyMap<string, string> {
  const regions = new Map<string, string>();
  for (const { kind, id, arn } of identifiers) {
    const known = regions.get(`${kind}:${id}`);
    if (arn?.region !== undefined && (known === undefined || arn.region < known)) regions.set(`${kind}:${id}`, arn.region);
  }
  return regions;
}

/** What the identifier itself and its key say. */
function certainRegion(identifier: FoundIdentifier, group: GroupContents, twins: ReadonlyMap<string, string>): FoundRegion | undefined {
  const { arn, keyRegion, place, kind, id } = identifier;
  if (arn?.region !== undefined) {
    if (keyRegion === undefined || keyRegion === arn.region) return { region: checkedRegion(arn.region, place) };
    throw twoRegions(group, `${keyRegion} by the key ${place}, ${arn.region} by its ARN (${JSON.stringify(arn.text)})`);
  }
  const sure = keyRegion ?? twins.get(`${kind}:${id}`);
  return sure === undefined ? undefined : { region: sure };
}

/** Evidence by what is asked of it for each of thousands of names. */
const sorted = oncePer((evidence: readonly RegionEvidence[]) => ({
  ...aboutness(evidence),
  ofRoles: evidence.filter(({ strength, roles }) => roles.length > 0 && strength !== "hinted"),
  ofHosts: evidence.filter(({ labels }) => labels !== undefined),
}));

const allAround = oncePer(({ around }: GroupContents): readonly RegionEvidence[] => around.flat());

/** What keys say that are of an identifier's role (`dr_region`) or about it (`aurora_region`), whichever says more of it. */
function saidOf(identifier: FoundIdentifier, group: GroupContents, evidence: readonly RegionEvidence[]): FoundRegion | undefined {
  const { roles } = identifier;
  const { best, ofRoles } = sorted(evidence);
  const about = best(identifier);
  const sharesRole = (each: RegionEvidence): boolean => each.roles.some((role) => roles.includes(role));
  const ofRole = roles.length === 0 ? [] : ofRoles.filter(sharesRole);
  const ofAll = ofRole.filter(({ subject }) => subject === undefined);
  const isAboutRole = about.some(sharesRole) || ofAll.length === 0 || roles.every(isFirstRole);
  const told = about.length > 0 && isAboutRole ? about : ofAll.length > 0 ? ofAll : ofRole;
  const [region, another] = regionsOf(told.map((each) => each.region));
  if (region !== undefined && another !== undefined)
    throw twoRegions(group, `${toldApart(told)}; both are about ${JSON.stringify(identifier.id)} (${identifier.place})`);
  return region === undefined ? undefined : { region };
}

const unreadable = oncePer(({ unreadableRegions }: GroupContents) => aboutness(unreadableRegions));

/** A region that is said of something and is none puts it nowhere else. */
function unreadableOf(identifier: FoundIdentifier, group: GroupContents): undefined {
  const [statement] = unreadable(group).best(identifier);
  if (statement !== undefined) checkedRegion(statement.text, statement.place);
}

/**
 * `{alb_arns: {primary, dr}, asg_names: {primary, dr}}`, `{regions: {api, web}, api: {…}, web: {…}}`: where the group says nothing of something, what the
 * document says of it or its role counts.
 */
function saidElsewhere(identifier: FoundIdentifier, ofDocument: readonly RegionEvidence[]): FoundRegion | undefined {
  const { roles } = identifier;
  const { best, ofRoles } = sorted(ofDocument);
  const about = best(identifier);
  const ofRole = roles.length === 0 ? [] : ofRoles.filter((each) => each.strength !== "placed" && each.roles.some((role) => roles.includes(role)));
  const [region, another] = regionsOf((about.length > 0 ? about : ofRole).map((each) => each.region));
  return region === undefined || another !== undefined ? undefined : { region };
}

function inHome(identifier: FoundIdentifier, group: GroupContents, home: Home): FoundRegion {
  if ("region" in home) return home;
  const ofName = home.conflict.filter(({ strength, place, quote }) => place === identifier.place && (strength === "placed" || quote === identifier.id));
  const [byKey, another] = regionsOf(ofName.map(({ region }) => region));
  if (byKey !== undefined && another === undefined)
    return { region: byKey, note: `${identifier.place} (${JSON.stringify(clipped(identifier.id))}): ${byKey} is taken from its name alone` };
  const [byHost, anotherHost] = regionsOf(hostsOf(identifier, group).map((each) => each.region));
  if (byHost !== undefined && anotherHost === undefined) return { region: byHost };
  const ofCompanions = home.conflict.filter((each) => each.strength === "component" && isAboutCompanions(each, identifier.kind));
  const [byCompanions, anotherCompanions] = regionsOf(ofCompanions.map(({ region }) => region));
  if (byCompanions !== undefined && anotherCompanions === undefined) return { region: byCompanions };
  // A global database is in each of its regions, and AWS tells of it in any.
  const [first] = regionsOf(home.conflict.map(({ region }) => region));
  if (identifier.kind === "auroraGlobalClusters" && first !== undefined) return { region: first };
  throw twoRegions(group, `${toldApart(home.conflict)}; ${JSON.stringify(identifier.id)} (${identifier.place}) could be in either`);
}

/**
 * Two statements about the same contradict each other, whether or not a region has to be found; and so does one about a component of which
 * everything is elsewhere, by its own ARN, key or host.
 */
export function refuseContradiction(group: GroupContents): void {
  const stated = group.evidence.filter((each) => strengthOf(each) === "stated");
  if (regionsOf(stated.map(({ region }) => region)).length > 1) throw twoRegions(group, toldApart(stated));
  const ofComponents = group.evidence.filter(({ strength }) => strength === "component");
  if (ofComponents.length === 0) return;
  const { all } = aboutness(ofComponents);
  const fulfilled = new Set<RegionEvidence>();
  const broken = new Map<RegionEvidence, readonly [FoundIdentifier, QuotedRegion]>();
  for (const identifier of group.identifiers) {
    const witness = witnessOf(identifier, group);
    for (const statement of all(identifier)) {
      if (witness === undefined || witness.region === statement.region) fulfilled.add(statement);
      else if (!broken.has(statement)) broken.set(statement, [identifier, witness]);
    }
  }
  for (const [statement, [{ id, place }, witness]] of broken) {
    if (fulfilled.has(statement)) continue;
    throw twoRegions(group, `${toldApart([statement])}, ${toldApart([witness])}; both are about ${JSON.stringify(id)} (${place})`);
  }
}

/** Where something is by its own ARN, the region in its key or its own host. */
function witnessOf(identifier: FoundIdentifier, group: GroupContents): QuotedRegion | undefined {
  const { arn, keyRegion, place, id } = identifier;
  if (arn?.region !== undefined) return { region: arn.region, place, quote: clipped(arn.text) };
  if (keyRegion !== undefined) return { region: keyRegion, place, quote: id };
  const hosts = hostsOf(identifier, group);
  return regionsOf(hosts.map(({ region }) => region)).length === 1 ? hosts[0] : undefined;
}

function hostsOf(identifier: FoundIdentifier, { evidence }: GroupContents): readonly RegionEvidence[] {
  return sorted(evidence).ofHosts.filter(({ labels }) => labels?.some((label) => isHostOf(identifier, label)));
}

function homeOf(group: GroupContents, question: RegionQuestion): Home {
  const own = fromEvidence(group.evidence, question.asked);
  if (own !== undefined) return own;
  const named = group.stack === undefined ? group.source : `${group.source} (${group.stack})`;
  const byRole = fromRole(group, [...group.around.flat(), ...question.ofDocument(group)]);
  if (byRole !== undefined) return byRole;
  for (const around of [...group.around, question.ofDocument(group)]) {
    const home = fromEvidence(around, question.asked);
    if (home === undefined) continue;
    return "region" in home ? { region: home.region, note: `${named}: no region is named here; ${home.region} is taken from what stands around it` } : home;
  }
  const [assigned, another] = question.asked;
  if (another !== undefined) {
    throw new UserError({
      code: "region-unclear",
      message: `${group.source}: these outputs name no region, and --region names several (${question.asked.join(", ")})`,
      hint: "Add the output stack_region to the stack, or pass one --region.",
    });
  }
  if (assigned !== undefined) return { region: assigned };
  const [unreadable] = group.unreadableRegions;
  if (unreadable !== undefined) checkedRegion(unreadable.text, unreadable.place);
  const elsewhere = fromEvidence(question.ofAll, []);
  if (elsewhere !== undefined) {
    return "region" in elsewhere
      ? { region: elsewhere.region, note: `${named}: no region is named; ${elsewhere.region} is taken from the other outputs` }
      : elsewhere;
  }
  const byPlace = fromPlaces(group);
  if (byPlace !== undefined) return byPlace;
  return { region: defaultRegion, note: `${named}: no region is named; ${defaultRegion} is assumed. --region sets it.` };
}

/** `dr_region` beside a stack or a map `dr` that names no region itself. */
function fromRole({ stack }: GroupContents, around: readonly RegionEvidence[]): Home | undefined {
  const roles = rolesOf(keyWordsOf(stack ?? "").words);
  const [region, another] = regionsOf(
    around.filter((each) => each.strength !== "hinted" && each.roles.some((role) => roles.includes(role))).map((each) => each.region),
  );
  return region === undefined || another !== undefined ? undefined : { region };
}

/** The strongest evidence decides; where it names several regions, `--region` may choose one of them. */
function fromEvidence(evidence: readonly RegionEvidence[], asked: readonly string[]): Home | undefined {
  for (const strength of ["stated", "shown", "first", "component", "hinted", "other"] as const) {
    const deciding = evidence.filter((each) => strengthOf(each) === strength);
    const regions = regionsOf(deciding.map(({ region }) => region));
    const [region] = regions;
    if (region === undefined) continue;
    if (regions.length > 1) return chosen(regions, asked) ?? { conflict: deciding };
    if (strength === "stated") return contradictionOf(region, deciding, evidence) ?? { region };
    const [witness] = deciding;
    return (strength === "component" || strength === "hinted" || strength === "other") && witness !== undefined
      ? { region, note: `${witness.place} (${JSON.stringify(witness.quote)}) is all that says where this is: ${region}` }
      : { region };
  }
  return undefined;
}

/** Only where nothing else names a region: a place is said by its name (`Frankfurt`). */
function fromPlaces({ evidence }: GroupContents): Home | undefined {
  const placed = evidence.filter(({ strength }) => strength === "placed");
  const [witness] = placed;
  if (witness === undefined) return undefined;
  if (regionsOf(placed.map(({ region }) => region)).length > 1) return { conflict: placed };
  const { region, place, quote } = witness;
  const value = place.endsWith(quote) ? "" : ` (${JSON.stringify(quote)})`;
  return { region, note: `${place}${value} is all that says where this is: ${region}, by its name` };
}

function chosen(regions: readonly string[], asked: readonly string[]): Home | undefined {
  const [only, another] = asked.filter((region) => regions.includes(region));
  return only === undefined || another !== undefined
    ? undefined
    : { region: only, note: `--region ${only} is taken for what has no ARN, as the outputs name ${regions.join(", ")}` };
}

/** A stated region in which nothing is, while load balancers, instances or databases are shown in another. */
function contradictionOf(region: string, stated: readonly RegionEvidence[], evidence: readonly RegionEvidence[]): Home | undefined {
  const shown = evidence.filter((each) => strengthOf(each) === "shown");
  // What is said of one component accounts for what is shown there.
  const ofComponents = new Set(evidence.filter(({ strength }) => strength === "component").map((each) => each.region));
  const elsewhere = shown.filter((each) => each.isHosting && each.region !== region && !ofComponents.has(each.region));
  if (elsewhere.length === 0 || shown.some((each) => each.region === region) || stated.some(({ isHosting }) => isHosting)) return undefined;
  return { conflict: [...stated, ...elsewhere] };
}

/** For the group as a whole, what is said of the other place counts least, and what is said of the first one as if it were hinted, but first. */
function strengthOf({ strength, roles }: RegionEvidence): "stated" | "shown" | "first" | "component" | "hinted" | "other" | "placed" {
  if (strength === "placed") return strength;
  if (roles.some(isOtherRole)) return "other";
  if (strength !== "stated" || roles.length === 0) return strength;
  return roles.some(isFirstRole) ? "first" : "hinted";
}

/** RDS and ElastiCache name hosts after their clusters, load balancing after its load balancers, with a number behind. */
function isHostOf({ kind, id }: FoundIdentifier, label: string): boolean {
  const name = (kind === "loadBalancers" || kind === "targetGroups" ? (id.split("/")[1] ?? id) : id).toLowerCase();
  return label === name || (kind === "loadBalancers" && (/^(?:internal-)?(.+)-[0-9]+$/.exec(label)?.[1] ?? "") === name);
}

function regionsOf(regions: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(regions.filter((region) => region !== undefined))].toSorted();
}

function twoRegions({ source }: GroupContents, detail: string): UserError {
  return new UserError({
    code: "outputs-two-regions",
    message: `${source}: the outputs of one stack name two regions, ${detail}`,
    hint: "Pass each stack's outputs as a document of its own or nested under the stack's name, add the output stack_region, or choose with --region.",
  });
}
