import { regionsWithin } from "./region-names.ts";
import { placeWithin, regionOfShortName } from "./region-spellings.ts";

/** A key taken apart. */
export interface KeyWords {
  /** In lower case, compounds of several spellings as one word: `asg`, `alb`, `tg`, `dynamodb`, `replicationgroup`, `database`. */
  readonly words: readonly string[];
  /** A region that the key itself names: `asg_name_us_west_2`, `asg_euw1`. It is not among the words. */
  readonly region?: string;
  /** The region of a place that the key names: `asg_name_frankfurt`. */
  readonly placeRegion?: string;
}

/** `ExportsOutputRefUsersTable9725E9C89A3D5B2C`, `ExportsOutputFnGetAttUsersTable9725E9C8Arn55C7B9E3`: what CDK calls exports between stacks. */
const cdkExport = /ExportsOutput(?:Ref|FnGetAtt)(.+)$/;
/** CDK ends logical ids with eight hexadecimal digits; one of them at least is nearly always a digit. */
const cdkHash = /(?=[A-F]{0,7}\d)[0-9A-F]{8}(?=[A-Z][a-z]|$)/g;

const vocabulary = [
  ..."autoscaling auto scaling group groups asg alb elb loadbalancer load balancer target targetgroup dynamodb dynamo table tables".split(" "),
  ..."aurora cluster clusters redis replication replicationgroup elasticache rds db aws stack region account primary secondary".split(" "),
  ..."full name names id ids arn arns identifier identifiers global database suffix stream environment".split(" "),
].sort((a, b) => b.length - a.length);

/** Longer words are no run of known ones; trying all ways to cut them would take long. */
const longestSegmented = 40;

/** Longest first: an "auto scaling group" is more than "scaling". */
const compounds: readonly (readonly [spelling: RegExp, word: string])[] = [
  [/\b(?:auto ?)?scall?(?:ing|e|er) ?(?:groups|grps)\b/g, "asgs"],
  [/\b(?:auto ?)?scall?(?:ing|e|er) ?(?:group|grp)\b/g, "asg"],
  [/\bauto scall?ing\b/g, "autoscaling"],
  [/\basgs? group(s?)\b/g, "asg$1"],
  [/\b(?:application |elastic )?(?:load ?balancers|albs|lbs|elbs)\b/g, "albs"],
  [/\b(?:application |elastic )?(?:load ?balancer|lb|elb|elbv2|elb v2)\b/g, "alb"],
  [/\b(?:target ?groups|tgs)\b/g, "tgs"],
  [/\btarget ?group\b/g, "tg"],
  [/\b(?:dynamo ?db|ddb|dynamo)\b/g, "dynamodb"],
  [/\breplication ?groups\b/g, "replicationgroups"],
  [/\breplication ?group\b/g, "replicationgroup"],
  [/\belasti ?cache\b/g, "elasticache"],
  [/\bdata base\b/g, "database"],
  [/\bopen search\b/g, "opensearch"],
  [/\bdocument ?db\b/g, "docdb"],
  [/\bs3 ?tables?\b/g, "s3tables"],
];

/** A few spellings stand in outputs a thousand times over (`name`, `arn`). */
const remembered = new Map<string, KeyWords>();
const mostRemembered = 1000;

/** snake_case, kebab-case, camelCase, PascalCase and CDK's export keys, whatever alphabet width they are typed in. */
export function keyWordsOf(key: string): KeyWords {
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const read = readKey(key);
  if (remembered.size < mostRemembered) remembered.set(key, read);
  return read;
}

function readKey(key: string): KeyWords {
  const folded = key.normalize("NFKC");
  const logicalId = cdkExport.exec(folded)?.[1];
  const spaced = (logicalId ?? folded)
    .replace(/[0-9A-F]{8}$/, (hash) => (/\d/.test(hash) ? "" : hash))
    .replaceAll(cdkHash, " ")
    // An upper-case acronym in the plural: ARNs, ASGs.
    .replaceAll(/([A-Z]{2,})s(?![a-z])/g, "$1S")
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .replaceAll(/(north|south|east|west|central)(\d)/g, "$1 $2")
    .replaceAll(/(name|id|arn|asg|alb|table|cluster|group)(\d+)(?![a-z\d])/g, "$1 $2");
  const [whole] = regionsWithin(spaced.replaceAll(/[^a-z0-9]+/g, "-"));
  const separate = spaced.split(/[^\p{L}\p{N}]+/u);
  const short = whole === undefined ? separate.find((word) => regionOfShortName(word) !== undefined) : undefined;
  const region = whole ?? regionOfShortName(short ?? "");
  const named = whole?.replaceAll("-", " ") ?? short;
  const withoutRegion = named === undefined ? spaced : ` ${separate.join(" ")} `.replace(` ${named} `, " ");
  const placeRegion = placeWithin(separate);
  let phrase = withoutRegion
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .flatMap(segmented)
    .join(" ");
  for (const [spelling, word] of compounds) phrase = phrase.replaceAll(spelling, word);
  return { words: phrase === "" ? [] : phrase.split(" "), ...(region === undefined ? {} : { region }), ...(placeRegion === undefined ? {} : { placeRegion }) };
}

/** `autoscalinggroupname` as its words, when known words make up the whole of it. */
function segmented(word: string): readonly string[] {
  if (word.length > longestSegmented || vocabulary.includes(word)) return [word];
  for (const start of vocabulary) {
    if (!word.startsWith(start)) continue;
    const rest = segmented(word.slice(start.length));
    if (rest.every((part) => vocabulary.includes(part))) return [start, ...rest];
  }
  return [word];
}

/** The account that a key is (`{"123456789012": {…}}`), names (`account_123456789012`) or begins with, before a region. */
export function accountOfKey(key: string): string | undefined {
  const [, account] = /^(?:(?:aws[-_ ]?)?acc(?:oun)?t[-_ /]?)?(\d{12})(?:[-_/. ](?=[a-z]{2,4}[-_]).*)?$/i.exec(key.trim()) ?? [];
  return account === undefined || minuteOfDate.test(account) ? undefined : account;
}

/** `202611301200`: what looks like a minute is one rather than an account. */
const minuteOfDate = /^20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d$/;
