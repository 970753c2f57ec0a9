import { stackOutputsSchema, type OutputName } from "../../../contract/outputs.ts";
import type { IdentifierKind } from "./identifiers.ts";
import { rolesOf } from "./key-roles.ts";
import { keyWordsOf } from "./key-words.ts";
import { isComponentWord } from "./region-subjects.ts";

/** What a key says that its value is. */
export type KeyMeaning =
  | {
      readonly kind: "identifier";
      readonly of: IdentifierKind;
      /** The key says what of the thing it is: its name, its ARN. A bare `asg` or `users_table` does not. */
      readonly hasAttribute: boolean;
      /** Several things: a map under it is one of things, not of a thing's attributes. */
      readonly isPlural: boolean;
      /** One of our own outputs: a value in the wrong form is told, not passed over. */
      readonly isOurs: boolean;
      readonly suffix?: string;
    }
  /** Where all is (`aws_region`), or what its subject's words speak of (`aurora_region`, `web_region`). */
  | { readonly kind: "region"; readonly isStated: boolean; readonly isOurs: boolean; readonly subject: readonly string[]; readonly suffix?: string }
  | { readonly kind: "account" }
  | { readonly kind: "environment-suffix" }
  | { readonly kind: "stack-name" }
  | { readonly kind: "components" }
  /** `name`, `arn`, `id`: of whatever the map around it is. */
  | { readonly kind: "attribute" }
  | { readonly kind: "unknown" };

interface WithoutAttributes {
  readonly words: readonly string[];
  readonly hasAttribute: boolean;
}

type IdentifierMeaning = Extract<KeyMeaning, { readonly kind: "identifier" }>;

const ofOutput: Partial<Readonly<Record<OutputName, IdentifierKind>>> = {
  alb_arn: "loadBalancers",
  alb_full_name: "loadBalancers",
  target_group_full_names: "targetGroups",
  asg_name: "autoScalingGroups",
  asg_arn: "autoScalingGroups",
  dynamodb_tables: "tables",
  aurora_cluster_id: "auroraClusters",
  aurora_global_cluster_id: "auroraGlobalClusters",
  rds_instance_id: "rdsInstances",
  redis_replication_group_id: "redisReplicationGroups",
  data_bucket_name: "dataBuckets",
  function_names: "functions",
  ecs_cluster_name: "containerClusters",
  ecs_service_names: "containerServices",
};

/** Outputs that `--map` can point at a key. */
export const mappableOutputs: readonly OutputName[] = [...(Object.keys(ofOutput) as OutputName[]), "stack_region", "environment_suffix", "stack_name"];

const outputNames = Object.keys(stackOutputsSchema.shape) as OutputName[];
const bySqueezedName: ReadonlyMap<string, OutputName> = new Map(outputNames.map((name) => [squeeze(name), name]));
/** Longest first: the longest known ending of an export key leaves the shortest suffix. */
const byKebabName = outputNames.map((name) => [name.replaceAll("_", "-"), name] as const).sort(([a], [b]) => b.length - a.length);

const attributeWords = new Set("name names id ids arn arns identifier identifiers ref refs output outputs value values export full physical".split(" "));
/** Behind a name, these make something else of it: a prefix, an alarm's dimension, the path of a parameter. */
const notAfterName = new Set(
  "prefix suffix tag tags parameter param ssm env variable var pattern alarm policy role metric dimension secret key length hash template format regex url path resource".split(
    " ",
  ),
);
/** What belongs to a resource and is none of ours: `asg_launch_template_id`, `table_stream_arn`. */
const otherThings = new Set(
  (
    "security endpoint address host hostname url uri dns domain zone port user username password secret role policy key kms log logs parameter subnet subnets vpc " +
    "version engine status state size count capacity type class alarm dashboard topic sns sqs queue bucket stream index indexes gsi lsi listener rule launch " +
    "template target description route ecs eks instance instances node namespace resource placement cloudwatch iam email profile hook lifecycle pool warm " +
    "schedule action notification metric function lambda backup vault export import table bucket tag group attachment scaling option event subscription " +
    "certificate cert acl waf proxy snapshot maintenance member account region environment provider plan item layer alias mapping trigger permission package " +
    "repository image artifact handler runtime qualified invoke dlq insights datastore"
  ).split(" "),
);
/** Databases within a cluster have names, too. */
const withinDatabase = new Set("db database schema name".split(" "));
/** Too much belongs to these that has a name and an id of its own: `lambda_authorizer_id`, `db_instance_option_id`, `ecs_service_x_name`. */
const namedLast: ReadonlySet<IdentifierKind> = new Set(["functions", "rdsInstances", "containerServices", "containerClusters"]);
/** More words than these between a noun and its attribute speak of something else. */
const mostBetween = 2;
/** Where a thing is or which of several it is: `asg_name_primary`, `users_table_prod`, `asg_2`. */
const whichOne = /^(?:primary|secondary|main|blue|green|prod|production|staging|stage|dev|test|qa|v?\d+)$/;
const notAurora = new Set(
  "ecs eks kubernetes k8s redis cache elasticache valkey memcached docdb neptune mongo redshift opensearch msk kafka emr dax".split(" "),
);
/** Functions that are not Lambda's, or run at CloudFront's edges from us-east-1. */
const notLambda = new Set("step states sfn state cloudfront edge viewer azure gcp google".split(" "));
const edges = new Set("edge viewer cloudfront".split(" "));
/** `db_instance_name` is the database's name in widespread modules (terraform-aws-modules/rds), never the instance's. */
const instanceIds = new Set("id ids identifier identifiers arn arns ref refs output outputs export value values".split(" "));
const databaseWords = new Set("aurora rds db database postgres postgresql mysql mariadb sql".split(" "));
/** Tables of other services, and the tables in which tools keep their locks. */
const notDynamodb = new Set(
  (
    "route glue athena iceberg lock locks locking redshift timestream keyspaces cassandra hive catalog bigquery snowflake " +
    "sql postgres postgresql mysql rds aurora tgw transit nat firewall terraform tf tfstate tofu opentofu terragrunt s3tables"
  ).split(" "),
);
const lockingTools = new Set("terraform tf tfstate state tflock tflocks tofu opentofu terragrunt".split(" "));
/** Words that say nothing of which region or account is meant. */
const neutral = new Set("aws amazon stack tap app current deployment deployed deploy target this the my env environment caller cdk".split(" "));
/** What may well be in another region or account than the stack. */
const elsewhere = new Set(
  (
    "replication peer peering peered remote destination dest source edge cert certs certificate certificates acm cross shared external central hub global " +
    "tfstate crr copy copies copied accepter acceptor assume assumed assumable delegated vendor datadog newrelic snowflake databricks billing cost costs charges budget budgets invoice waf webacl cloudfront cdn ecr registry trusted partner other alternate layer viewer"
  ).split(" "),
);
/** `region_code`, `region_short`: a region as somebody shortens it, not always as AWS does. */
const regionCodes = new Set("code short abbreviation abbr alias".split(" "));
/** A region or account key with one of these is that thing's: `bucket_region`, `log_archive_account_id`, `primary_region`. */
const ofAnother = new Set(
  (
    "state backend terraform tf image images bucket s3 log logs logging audit archive trail cloudtrail ses bedrock sso identity monitoring security " +
    "management master root member organization org origin allowed supported available cognito sns sqs kms secret secrets secretsmanager ssm kinesis firehose " +
    "opensearch elasticsearch glue athena redshift kafka msk sagemaker iot apigateway eventbridge codebuild codepipeline pipeline ci amplify mail email smtp " +
    "azure gcp google route dns lex polly transcribe translate textract rekognition comprehend pinpoint connect shield guardduty inspector macie artifact artifacts"
  ).split(" "),
);

/** Whether a key speaks of something that may well be in another region or account than the stack. */
export function isElsewhere(words: readonly string[]): boolean {
  return words.some((word) => elsewhere.has(word));
}

/** Whether a word is of something that belongs to a resource and is none of ours itself. */
export function isOtherThing(word: string): boolean {
  return (otherThings.has(word) || otherThings.has(word.replace(/s$/, ""))) && word !== "group" && word !== "scaling" && word !== "table";
}

/** Whether a key speaks of a cluster of another kind, of which some have ARNs of Aurora's form (DocumentDB, Neptune). */
export function isOtherCluster(words: readonly string[]): boolean {
  return words.some((word) => notAurora.has(word));
}

/** Whether keys speak of clusters whose ARNs have Aurora's form and that are none. */
export function isDocumentOrGraph(words: ReadonlySet<string>): boolean {
  return words.has("docdb") || words.has("neptune");
}

/** Whether a key speaks of a function that runs at CloudFront's edges, from us-east-1. */
export function isEdgeFunction(words: readonly string[]): boolean {
  return words.some((word) => edges.has(word));
}

/** Whether a key speaks of a table that a tool keeps its locks in: never one of the application's, whatever its ARN. */
export function isLock(words: readonly string[]): boolean {
  return words.some((word) => /^(?:tf)?lock(?:s|ing)?$/.test(word)) || (words.includes("tfstate") && words.includes("dynamodb"));
}

/** `terraform-locks`, `tfstate-lock`: the name of a table that a tool keeps its locks in, whatever the key says. */
export function isLockName(name: string): boolean {
  const { words } = keyWordsOf(name);
  return isLock(words) && words.some((word) => lockingTools.has(word));
}

/** What an output of ours means; for `--map` too. */
export function meaningOfOutput(name: OutputName, suffix?: string): KeyMeaning {
  const own = suffix === undefined ? {} : { suffix };
  const of = ofOutput[name];
  if (of !== undefined) return { kind: "identifier", of, hasAttribute: name !== "dynamodb_tables", isPlural: name.endsWith("s"), isOurs: true, ...own };
  if (name === "stack_region") return { kind: "region", isStated: true, isOurs: true, subject: [], ...own };
  if (name === "environment_suffix") return { kind: "environment-suffix" };
  if (name === "stack_name") return { kind: "stack-name" };
  if (name === "components") return { kind: "components" };
  return { kind: "unknown" };
}

/** Reads a key of any spelling by its words; `around` is the key of the map it stands in, which may say the rest. */
export function meaningOf(key: string, around?: string): KeyMeaning {
  const direct = bySqueezedName.get(squeeze(key));
  if (direct !== undefined) return meaningOfOutput(direct);
  const { words } = keyWordsOf(key);
  const byWords = exportMeaning(key, words) ?? regionMeaning(words) ?? accountMeaning(words) ?? identifierMeaning(words);
  if (byWords !== undefined) return byWords;
  if (words.length > 0 && words.every((word) => attributeWords.has(word) || word === "suffix")) return attributeMeaning(words, around) ?? { kind: "attribute" };
  const inContext = around === undefined ? undefined : identifierMeaning([...keyWordsOf(around).words, ...words]);
  return inContext ?? { kind: "unknown" };
}

/**
 * `redis: {id: …}`: a key that alone names nothing, as too much is called so, does with its attribute. The names of caches are what people call them,
 * beside their ids.
 */
function attributeMeaning(words: readonly string[], around: string | undefined): KeyMeaning | undefined {
  if (around === undefined) return undefined;
  const holder = keyWordsOf(around).words;
  if (identifierMeaning(holder) !== undefined) return undefined;
  const meaning = identifierMeaning([...holder, ...words]);
  return meaning?.of === "redisReplicationGroups" && words.includes("name") ? undefined : meaning;
}

/** Whether a key in a map of a kind is an attribute of one of the kind: `cluster_identifier` under `aurora_clusters`. */
export function isAttributeOf(kind: IdentifierKind, key: string, holder: string | undefined): boolean {
  const { words } = keyWordsOf(key);
  if (words.length < 2 || !attributeWords.has(words.at(-1) ?? "")) return false;
  const meaning = meaningOf(key, holder);
  return meaning.kind === "identifier" && meaning.of === kind;
}

/** `tap-{suffix}-alb-full-name`, of any suffix. */
function exportMeaning(key: string, words: readonly string[]): KeyMeaning | undefined {
  if (words[0] !== "tap") return undefined;
  const kebab = key
    .replaceAll(/([a-z\d])([A-Z])/g, "$1-$2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
  for (const [ending, name] of byKebabName) {
    if (!kebab.endsWith(`-${ending}`)) continue;
    const suffix = kebab.slice("tap-".length, -ending.length - 1);
    if (suffix !== "") return meaningOfOutput(name, suffix);
  }
  return undefined;
}

function regionMeaning(words: readonly string[]): KeyMeaning | undefined {
  const noun = withoutAttributes(words).words;
  const at = noun.findLastIndex((word) => word === "region" || word === "regions");
  if (at < 0) return undefined;
  const others = noun.toSpliced(at, 1);
  const isAnothers = (word: string): boolean => elsewhere.has(word) || ofAnother.has(word);
  const isRole = (word: string): boolean => rolesOf([word]).length > 0;
  const isCode = (word: string): boolean => regionCodes.has(word);
  // `region_primary` and `region_a` may stand behind; any other noun behind makes it something of a region's, and `asg_name_region_a` is a group's name.
  const isWhich = (word: string): boolean => whichOne.test(word) || /^[a-z]$/.test(word) || isRole(word) || isAnothers(word) || isCode(word);
  const isNamedBefore = (): boolean => words.slice(0, at).some((word) => attributeWords.has(word));
  if (at < noun.length - 1 && (isNamedBefore() || !others.slice(at).every(isWhich))) return undefined;
  const isOne = noun[at] === "region" || words.some(isRole);
  return { kind: "region", isStated: isOne && !others.some((word) => isAnothers(word) || isCode(word)), isOurs: false, subject: subjectOf(words) };
}

/** What remains of a key of a region says whose it is: `orders_table_region`, `region_2`. */
function subjectOf(words: readonly string[]): readonly string[] {
  const isSubject = (word: string): boolean =>
    !/^regions?$/.test(word) && !attributeWords.has(word) && !neutral.has(word) && !regionCodes.has(word) && rolesOf([word]).length === 0;
  return words.filter(isSubject);
}

/**
 * Within a map of regions, what its keys say of them: `region: {primary: …, dr: …}`, `aws_region: {name: …}`, `regions: {asg: …, aurora: …}`.
 * Under any other key a region says where things of that name are, and nothing of all.
 */
export function meaningInRegions(key: string, holder: string, isRegionsName: boolean): KeyMeaning | undefined {
  if (meaningOf(holder).kind !== "region") return undefined;
  const { words } = keyWordsOf(key);
  const isOfOne = words.every((word) => attributeWords.has(word));
  if (isOfOne || rolesOf(words).length > 0) return regionMeaning([...keyWordsOf(holder).words, ...words]);
  return isRegionsName ? { kind: "region", isStated: words.some(isComponentWord), isOurs: false, subject: subjectOf(words) } : undefined;
}

/** `region_of_aurora`, where the value is a region: what stands behind may be a thing of a region else. */
export function meaningOfRegionsName(key: string): KeyMeaning | undefined {
  const { words } = keyWordsOf(key);
  if (!words.includes("region") || !words.some(isComponentWord)) return undefined;
  const isAnothers = words.some((word) => elsewhere.has(word));
  return { kind: "region", isStated: !isAnothers, isOurs: false, subject: subjectOf(words).filter((word) => !/^(?:of|for|in)$/.test(word)) };
}

function accountMeaning(words: readonly string[]): KeyMeaning | undefined {
  const noun = withoutAttributes(words).words.filter((word) => word !== "number");
  return noun.at(-1) === "account" && noun.slice(0, -1).every((word) => neutral.has(word)) ? { kind: "account" } : undefined;
}

function identifierMeaning(words: readonly string[]): IdentifierMeaning | undefined {
  const last = words.findLastIndex((word) => !whichOne.test(word));
  const whole = withoutAttributes(words);
  if (whole.words.length > 0) {
    const meaning = kindOf(whole.words, whole.hasAttribute, words);
    if (meaning !== undefined) return meaning;
  }
  return withinName(words, last) ?? betweenNounAndAttribute(whole, words);
}

/** `asg_name_eu`: the name stands within, and what follows says which. */
function withinName(words: readonly string[], last: number): IdentifierMeaning | undefined {
  const at = words.findLastIndex((word) => attributeWords.has(word));
  if (at < 0 || at >= last || words.slice(at + 1).some((word) => notAfterName.has(word))) return undefined;
  return kindOf(withoutAttributes(words.slice(0, at + 1)).words, true, words);
}

/** `DynamoTableTenantsName`, `asg_web_name`: which one it is stands between. */
function betweenNounAndAttribute({ words: noun, hasAttribute }: WithoutAttributes, all: readonly string[]): IdentifierMeaning | undefined {
  if (!hasAttribute) return undefined;
  for (let between = 1; between <= mostBetween && between < noun.length; between++) {
    const word = noun[noun.length - between] ?? "";
    if (otherThings.has(word) || withinDatabase.has(word)) return undefined;
    const meaning = kindOf(noun.slice(0, noun.length - between), true, all);
    if (meaning !== undefined) return namedLast.has(meaning.of) ? undefined : meaning;
  }
  return undefined;
}

/** Without the trailing words that say which attribute it is; "suffix" is one in `arn_suffix` alone. */
function withoutAttributes(words: readonly string[]): WithoutAttributes {
  let end = words.length;
  if (words[end - 1]?.startsWith("suffix") === true && words[end - 2]?.startsWith("arn") === true) end -= 2;
  const given = end;
  for (let word = words[end - 1]; word !== undefined && (attributeWords.has(word) || whichOne.test(word)); word = words[end - 1]) end -= 1;
  return { words: words.slice(0, end), hasAttribute: given < words.length || words.slice(end).some((word) => attributeWords.has(word)) };
}

/** English puts what a thing is last: an "asg security group" is no group of instances. */
function kindOf(noun: readonly string[], hasAttribute: boolean, all: readonly string[]): IdentifierMeaning | undefined {
  const last = noun.at(-1) ?? "";
  const isPlural = (last.endsWith("s") && last !== "redis") || last === "dynamodb" || all.at(-1) === "names" || all.at(-1) === "arns" || all.at(-1) === "ids";
  const of = kindByNoun(last.replace(/(?<=[^s])s$/, ""), noun, hasAttribute ? all.at(-1) : undefined);
  return of === undefined ? undefined : { kind: "identifier", of, hasAttribute, isPlural, isOurs: false };
}

function kindByNoun(last: string, noun: readonly string[], attribute: string | undefined): IdentifierKind | undefined {
  const has = (words: ReadonlySet<string>): boolean => noun.some((word) => words.has(word));
  switch (last) {
    case "asg":
      return "autoScalingGroups";
    case "autoscaling":
      return attribute === undefined ? undefined : "autoScalingGroups";
    case "alb":
      return noun.some((word) => word === "network" || word === "gateway" || word === "classic") ? undefined : "loadBalancers";
    case "tg":
      return "targetGroups";
    case "table":
    case "dynamodb":
      return has(notDynamodb) || isLock(noun) ? undefined : "tables";
    case "aurora":
      return "auroraClusters";
    case "function":
      return has(notLambda) ? undefined : "functions";
    case "lambda":
      return attribute === undefined || has(notLambda) ? undefined : "functions";
    case "service":
      return noun.at(-2) === "ecs" || noun.at(-2) === "fargate" ? "containerServices" : undefined;
    case "instance":
      return !instanceIds.has(attribute ?? "") || has(notAurora) || !has(databaseWords) || noun.some((word) => isMember(word)) ? undefined : "rdsInstances";
    case "cluster":
      if (noun.at(-2) === "ecs" || noun.at(-2) === "fargate") return "containerClusters";
      if (noun.at(-2) === "redis" || noun.at(-2) === "valkey") return "redisReplicationGroups";
      if (has(notAurora) || !has(databaseWords)) return noun.at(-2) === "global" ? "auroraGlobalClusters" : undefined;
      return noun.includes("global") ? "auroraGlobalClusters" : "auroraClusters";
    case "database":
      return noun.includes("global") && attribute !== "name" ? "auroraGlobalClusters" : undefined;
    case "replicationgroup":
      // A global datastore is none of its groups.
      return noun.includes("dms") || noun.includes("global") ? undefined : "redisReplicationGroups";
    case "redi":
    case "redis":
    case "valkey":
      return attribute === undefined ? undefined : "redisReplicationGroups";
    default:
      return undefined;
  }
}

/** An instance of a cluster is the cluster's. */
function isMember(word: string): boolean {
  return word === "aurora" || /^clusters?$/.test(word);
}

/** Without separators and in one case. */
function squeeze(key: string): string {
  return key.replaceAll(/[-_]/g, "").toLowerCase();
}
