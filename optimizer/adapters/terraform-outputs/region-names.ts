/** Region names of every AWS partition, as the SDK's partition table writes them (@aws-sdk/core util-endpoints partitions). */
const partitionForms: readonly (readonly [partition: string, form: RegExp])[] = [
  ["aws", /^(?:us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/],
  ["aws-cn", /^cn-[a-z]+-\d+$/],
  ["aws-eusc", /^eusc-(?:de)-[a-z]+-\d+$/],
  ["aws-us-gov", /^us-gov-[a-z]+-\d+$/],
  ["aws-iso", /^us-iso-[a-z]+-\d+$/],
  ["aws-iso-b", /^us-isob-[a-z]+-\d+$/],
  ["aws-iso-e", /^eu-isoe-[a-z]+-\d+$/],
  ["aws-iso-f", /^us-isof-[a-z]+-\d+$/],
];

const directions = "(?:north|south|east|west|central)?(?:east|west|north|south|central)?";
/** Stricter than the forms above: found within other text, `us-web-1` is no region. */
const regionWithin = new RegExp(
  `(?:af|ap|ca|il|me|mx|sa|cn|eu|us|us-gov|us-iso|us-isob|us-isof|eu-isoe|eusc-de)-(?!-)${directions}(?<=[a-z])-\\d{1,2}(?!\\d)`,
  "g",
);

/** `use1`, as zone ids and ElastiCache's hosts write us-east-1 (https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html). */
const shortForm = /^(us|eu|ap|sa|ca|me|af|il|mx|cn|usg)(ne|se|nw|sw|n|s|e|w|c)(\d)$/;
const shortDirections: Readonly<Record<string, string>> = {
  n: "north",
  s: "south",
  e: "east",
  w: "west",
  c: "central",
  ne: "northeast",
  se: "southeast",
  nw: "northwest",
  sw: "southwest",
};

export function isRegion(name: string): boolean {
  return partitionOf(name) !== undefined;
}

/** The partition whose regions are named like this one; `undefined` for what is no region's name. */
export function partitionOf(region: string): string | undefined {
  return partitionForms.find(([, form]) => form.test(region))?.[0];
}

/** Regions named in a text, where no letter or digit touches them. A zone (`us-east-1a`) names its region. */
export function regionsWithin(text: string): readonly string[] {
  const found: string[] = [];
  for (const match of text.toLowerCase().matchAll(regionWithin)) {
    const before = text.charAt(match.index - 1);
    const after = text.slice(match.index + match[0].length);
    if (!/[A-Za-z0-9]/.test(before) && !/^[A-Za-z]{2}/.test(after) && isRegion(match[0])) found.push(match[0]);
  }
  return [...new Set(found)];
}

/** The region of `us-east-1a`, of the local zone `us-west-2-lax-1a` and of the zone id `use1-az1`. */
export function regionOfZone(text: string): string | undefined {
  const region = /^([a-z]+(?:-[a-z]+)+-\d)(?:[a-z]|-[a-z]{3}-\d[a-z]|-wl\d-[a-z]{3}-wlz-\d)$/.exec(text)?.[1];
  if (region !== undefined) return isRegion(region) ? region : undefined;
  const id = /^([a-z]+\d)(?:-[a-z]{3}\d)?-az\d$/.exec(text)?.[1];
  return id === undefined ? undefined : regionOfShortForm(id);
}

/** us-east-1 for `use1`. ElastiCache's hosts in Ningxia have a form of their own (`….cnw1.cache.amazonaws.com.cn`). */
export function regionOfShortForm(text: string): string | undefined {
  if (text === "cnw1") return "cn-northwest-1";
  const [, area = "", direction = "", number = ""] = shortForm.exec(text) ?? [];
  const word = shortDirections[direction];
  return word === undefined ? undefined : `${area === "usg" ? "us-gov" : area}-${word}-${number}`;
}
