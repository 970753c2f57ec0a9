import type { OutputName } from "../../../contract/outputs.ts";
import { identifierOf, identifierOfHost, type IdentifierKind } from "./identifiers.ts";
import { isElsewhere, isLock, isOtherCluster, isOtherThing } from "./key-meanings.ts";
import { keyWordsOf } from "./key-words.ts";
import type { OutputEntry } from "./output-tree.ts";
import { isPlaceholder } from "./placeholders.ts";
import { isRegion } from "./region-names.ts";

interface Likeness {
  readonly output: OutputName;
  /** Words in a key that make one think of the kind. */
  readonly words: readonly string[];
}

const likenesses: Partial<Readonly<Record<IdentifierKind, Likeness>>> = {
  loadBalancers: { output: "alb_full_name", words: ["alb", "balancer", "elb"] },
  autoScalingGroups: { output: "asg_name", words: ["asg", "autoscaling", "scaling", "fleet", "group", "workers"] },
  tables: { output: "dynamodb_tables", words: ["table", "tables", "dynamodb"] },
  auroraClusters: { output: "aurora_cluster_id", words: ["aurora", "cluster", "rds", "db", "database"] },
  redisReplicationGroups: { output: "redis_replication_group_id", words: ["redis", "valkey", "cache", "elasticache", "replicationgroup"] },
  rdsInstances: { output: "rds_instance_id", words: ["rds", "db", "database", "mysql", "mariadb", "postgres"] },
};

const mostShown = 2;

/** ` (the key "web_grp" may be one: --map asg_name=web_grp)`, or nothing. */
export function nearMiss(kind: IdentifierKind, unread: readonly OutputEntry[]): string {
  const likeness = likenesses[kind];
  if (likeness === undefined) return "";
  const keys = unread.filter((entry) => isLike(entry, kind, likeness.words)).map(({ place, source }) => place.slice(source.length + 2));
  const shown = [...new Set(keys)].toSorted().slice(0, mostShown);
  return shown.length === 0 ? "" : ` (did you mean ${shown.map((key) => `--map ${likeness.output}=${key}`).join(" or ")}?)`;
}

function isLike({ key, text, isForeign }: OutputEntry, kind: IdentifierKind, likely: readonly string[]): boolean {
  if (text !== undefined && !isForeign && identifierOfHost(kind, text.trim()) !== undefined) return !isElsewhere(keyWordsOf(key).words);
  if (text === undefined || isForeign || isPlaceholder(text) || isRegion(text.trim()) || /^\s*$|[\s/]|\.amazonaws\.|^\d+$/.test(text)) return false;
  if (kind !== "loadBalancers" && identifierOf(kind, text.trim()) === undefined) return false;
  const { words } = keyWordsOf(key);
  // `aurora_database_name` names a database within a cluster.
  if (/^(?:db|database)$/.test(words.at(-2) ?? "") && words.at(-1) === "name") return false;
  if (isLock(words) || words.some(isOtherThing) || (kind === "auroraClusters" && isOtherCluster(words))) return false;
  return words.some((word) => likely.some((other) => word === other || isOneEditAway(word, other)));
}

/** A letter more, less, other or swapped; in short words every other one would be near. */
function isOneEditAway(word: string, other: string): boolean {
  if (Math.min(word.length, other.length) < 4 || Math.abs(word.length - other.length) > 1) return false;
  let start = 0;
  while (start < word.length && word.charAt(start) === other.charAt(start)) start += 1;
  const [rest, ofOther] = [word.slice(start), other.slice(start)];
  const isSwapped = rest.charAt(0) === ofOther.charAt(1) && rest.charAt(1) === ofOther.charAt(0) && rest.slice(2) === ofOther.slice(2);
  return isSwapped || rest.slice(1) === ofOther.slice(1) || rest === ofOther.slice(1) || rest.slice(1) === ofOther;
}
