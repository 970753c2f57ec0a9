import type { IdentifierKind } from "./identifiers.ts";
import { isFirstRole } from "./key-roles.ts";
import { keyWordsOf } from "./key-words.ts";

/** What a statement can be about. */
interface Named {
  readonly kind: IdentifierKind;
  readonly roles: readonly string[];
  readonly place: string;
  readonly source: string;
}

/** What a key of a region says: which things its region is of, and which of several places it is about. */
interface Statement {
  readonly subject?: readonly string[];
  readonly roles: readonly string[];
}

/** Kinds that a word in a key such as `aurora_region` or `compute_region` speaks of. */
const kindsByWord: ReadonlyMap<string, readonly IdentifierKind[]> = new Map(
  (
    [
      ["asg autoscaling fleet", ["autoScalingGroups"]],
      ["compute ec2", ["autoScalingGroups", "containerClusters", "containerServices"]],
      ["alb", ["loadBalancers"]],
      ["tg", ["targetGroups"]],
      ["dynamodb table", ["tables"]],
      ["aurora", ["auroraClusters", "auroraGlobalClusters"]],
      ["rds db database postgres postgresql mysql mariadb sql", ["auroraClusters", "auroraGlobalClusters", "rdsInstances"]],
      ["redis valkey elasticache cache replicationgroup", ["redisReplicationGroups"]],
      ["lambda function", ["functions"]],
      ["ecs fargate", ["containerClusters", "containerServices"]],
      ["s3 bucket", ["dataBuckets"]],
    ] satisfies (readonly [string, readonly IdentifierKind[]])[]
  ).flatMap(([words, kinds]) => words.split(" ").map((word): readonly [string, readonly IdentifierKind[]] => [word, kinds])),
);

/** What passes requests on is in the region of what answers them. */
const together: readonly IdentifierKind[] = ["loadBalancers", "targetGroups", "autoScalingGroups", "containerClusters", "containerServices"];

/** Whether a word of a key speaks of one of the kinds that are read. */
export function isComponentWord(word: string): boolean {
  return kindsByWord.has(singular(word));
}

/** Words of all keys on the way to a value. */
export function wordsOfPlace({ place, source }: { readonly place: string; readonly source: string }): ReadonlySet<string> {
  return new Set(keyWordsOf(place.slice(source.length + 2)).words.map(singular));
}

/** Statements by a word that what they are about has in its keys, so that thousands of each are not compared one by one. */
interface Subjects<T extends Statement> {
  readonly byWord: ReadonlyMap<string, readonly T[]>;
  /** Those that speak of kinds alone. */
  readonly ofKinds: readonly T[];
}

function subjectsOf<T extends Statement>(evidence: readonly T[]): Subjects<T> {
  const byWord = new Map<string, T[]>();
  const ofKinds: T[] = [];
  for (const each of evidence) {
    if (each.subject === undefined) continue;
    const own = each.subject.find((word) => !isComponentWord(word));
    if (own === undefined) ofKinds.push(each);
    else byWord.set(singular(own), [...(byWord.get(singular(own)) ?? []), each]);
  }
  return { byWord, ofKinds };
}

/** Answers which statements are about something: all of them, or the ones that fit it best (`orders_table_region` rather than `dynamodb_region`). */
export function aboutness<T extends Statement>(evidence: readonly T[]): { all(named: Named): readonly T[]; best(named: Named): readonly T[] } {
  const { byWord, ofKinds } = subjectsOf(evidence);
  const isEmpty = byWord.size === 0 && ofKinds.length === 0;
  const fitting = (named: Named): readonly (readonly [T, number])[] => {
    if (isEmpty) return [];
    const words = wordsOfPlace(named);
    const near = [...ofKinds, ...[...words].flatMap((word) => byWord.get(word) ?? [])];
    return near.map((each) => [each, fitOf(each, named, words)] as const).filter(([, fit]) => fit > 0);
  };
  return {
    all: (named) => fitting(named).map(([each]) => each),
    best(named) {
      const fits = fitting(named);
      const most = Math.max(0, ...fits.map(([, fit]) => fit));
      return fits.flatMap(([each, fit]) => (fit === most ? [each] : []));
    },
  };
}

/** Whether a statement is about what is in one region with things of a kind. */
export function isAboutCompanions({ subject = [] }: Statement, kind: IdentifierKind): boolean {
  const kinds = subject.flatMap((word) => kindsByWord.get(singular(word)) ?? []);
  return together.includes(kind) && kinds.some((each) => together.includes(each));
}

const fitOfRole = 1000;
const fitOfWord = 10;
/** Of a kind alone, less the more kinds a word may mean. */
const fitOfKind = 8;

/** 0 where any word of the statement speaks of something else, or its role is another's. */
function fitOf({ subject, roles }: Statement, named: Named, words: ReadonlySet<string>): number {
  if (subject === undefined) return 0;
  const sharesRole = roles.some((role) => named.roles.includes(role));
  if (!sharesRole && roles.length > 0 && (named.roles.length > 0 || !roles.every(isFirstRole))) return 0;
  const fits = subject.map((word) => fitOfOne(singular(word), named.kind, words));
  return fits.includes(0) ? 0 : fits.reduce((sum, fit) => sum + fit, sharesRole ? fitOfRole : 0);
}

function fitOfOne(word: string, kind: IdentifierKind, words: ReadonlySet<string>): number {
  if (words.has(word)) return fitOfWord;
  const kinds = kindsByWord.get(word) ?? [];
  return kinds.includes(kind) ? fitOfKind - kinds.length : 0;
}

const endInS: ReadonlySet<string> = new Set("redis ecs rds postgres".split(" "));

function singular(word: string): string {
  return endInS.has(word) ? word : word.replace(/(?<=[^s])s$/, "");
}
