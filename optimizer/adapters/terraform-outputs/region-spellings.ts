import { nearest } from "../../../contract/nearest.ts";
import { UserError } from "../../../contract/user-error.ts";
import { isRegion, regionOfZone, regionsWithin } from "./region-names.ts";

/**
 * What people call regions: the places in AWS's own descriptions of them (botocore, data/endpoints.json, `description`), in lower case and
 * without marks.
 */
const places: Readonly<Record<string, string>> = {
  "cape town": "af-south-1",
  "hong kong": "ap-east-1",
  taipei: "ap-east-2",
  tokyo: "ap-northeast-1",
  seoul: "ap-northeast-2",
  osaka: "ap-northeast-3",
  mumbai: "ap-south-1",
  hyderabad: "ap-south-2",
  singapore: "ap-southeast-1",
  sydney: "ap-southeast-2",
  jakarta: "ap-southeast-3",
  melbourne: "ap-southeast-4",
  malaysia: "ap-southeast-5",
  "new zealand": "ap-southeast-6",
  thailand: "ap-southeast-7",
  "canada central": "ca-central-1",
  calgary: "ca-west-1",
  frankfurt: "eu-central-1",
  zurich: "eu-central-2",
  stockholm: "eu-north-1",
  milan: "eu-south-1",
  spain: "eu-south-2",
  ireland: "eu-west-1",
  london: "eu-west-2",
  paris: "eu-west-3",
  "tel aviv": "il-central-1",
  uae: "me-central-1",
  bahrain: "me-south-1",
  "mexico central": "mx-central-1",
  "sao paulo": "sa-east-1",
  virginia: "us-east-1",
  ohio: "us-east-2",
  california: "us-west-1",
  oregon: "us-west-2",
  beijing: "cn-north-1",
  ningxia: "cn-northwest-1",
  "govcloud us east": "us-gov-east-1",
  "govcloud us west": "us-gov-west-1",
};

/** `use1` for us-east-1, of the regions above. `aps1` is left out: AWS's bills call ap-southeast-1 so, and its zone ids ap-south-1. */
const shortNames: ReadonlyMap<string, string> = new Map(
  Object.values(places)
    .map((region): [string, string] => [shortNameOf(region), region])
    .filter(([short]) => !/^aps\d$/.test(short)),
);

const placePattern = new RegExp(` (${Object.keys(places).join("|")})(?= )`, "g");

/** A whole value is no longer than this where it is a region's name. */
const longestSpelling = 60;

/** The region that a text says, spelled as people do: `EU (Frankfurt)`, `us-west-2 (Oregon)`, `EU_WEST_1`, `eu-west-1a`, `euw1`. */
export function regionSpelled(text: string): string | undefined {
  const lower = text
    .trim()
    .toLowerCase()
    .replaceAll(/\p{Pd}/gu, "-");
  if (isRegion(lower)) return isLikelyMisspelt(lower) ? undefined : lower;
  if (lower.length > longestSpelling) return undefined;
  const words = wordsOf(lower);
  const found = new Set([regionOfZone(lower), ...regionsWithin(lower.replaceAll(/[_\s]+/g, "-")), ...words.map(regionOfShortName), placeWithin(words)]);
  found.delete(undefined);
  const [region] = found;
  return found.size === 1 ? region : undefined;
}

/** The region of `use1`, `euw1`, …, as people shorten regions in names. */
export function regionOfShortName(word: string): string | undefined {
  return shortNames.get(word);
}

/** The region whose place stands among the words: `frankfurt`, `tel aviv`. Markets and customers are called so, too. */
export function placeWithin(words: readonly string[]): string | undefined {
  const found = new Set([...` ${words.join(" ")} `.matchAll(placePattern)].map(([, place = ""]) => places[place]));
  const [region] = found;
  return found.size === 1 ? region : undefined;
}

/** The name itself, or a UserError that says where the wrong one stood. */
export function checkedRegion(name: string, place: string): string {
  if (isRegion(name) && !isLikelyMisspelt(name)) return name;
  const meant = regionSpelled(name) ?? nearestRegion(name);
  throw new UserError({
    code: "unknown-region",
    message: `${place}: ${JSON.stringify(name)} is not the name of an AWS region`,
    hint: meant === undefined ? "Expected a name such as us-east-1 or eu-central-1." : `Did you mean ${meant}?`,
  });
}

/** `us-esat-1`: of the form of a region, but none whose words AWS uses, beside one that AWS has. */
function isLikelyMisspelt(region: string): boolean {
  return !regionsWithin(region).includes(region) && nearestRegion(region) !== undefined;
}

/** The region of AWS's that was likely meant. */
function nearestRegion(name: string): string | undefined {
  return nearest(name.trim().toLowerCase(), Object.values(places));
}

function wordsOf(text: string): readonly string[] {
  return text
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

function shortNameOf(region: string): string {
  const parts = region.split("-");
  const area = parts.slice(0, -2).join("").replace("usgov", "usg");
  const direction = (parts.at(-2) ?? "").replace(/^(north|south)(east|west)$/, "$1 $2");
  return `${area}${direction
    .split(" ")
    .map((word) => word.charAt(0))
    .join("")}${parts.at(-1) ?? ""}`;
}
