import { UserError } from "../../../contract/user-error.ts";
import type { Owner } from "../../core/model/deployment.ts";
import { arnsWithin, type Arn } from "./arns.ts";
import type { FoundIdentifier, GroupContents } from "./group-contents.ts";
import { isElsewhere } from "./key-meanings.ts";
import type { OutputEntry } from "./output-tree.ts";
import { partitionOf } from "./region-names.ts";
import { clipped } from "./region-evidence.ts";

interface Claim {
  readonly accountId: string;
  readonly place: string;
  readonly quote: string;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html: a queue's URL holds its account. */
const queueUrl = /\/\/(?:sqs\.[a-z0-9-]+|(?:[a-z0-9-]+\.)?queue)\.amazonaws\.com(?:\.cn)?\/(\d{12})\//g;

/**
 * Whose the outputs are. The ARNs of what was identified, the stacks' own and keys such as `account_id` decide, and must agree;
 * without any of them, those of what no account can use of another one (`task_definition_arn`); without these, all other ARNs must,
 * shared networks' last. ARNs that are often another account's (peers, shared zones, layers, images, principals) decide nothing.
 * `undefined` where nothing says it.
 */
export function ownerOf(groups: readonly GroupContents[]): Owner | undefined {
  const useful = groups.filter(({ identifiers }) => identifiers.length > 0);
  const decisive = useful.flatMap((group) => [
    ...group.identifiers.filter((identifier) => !identifier.isElsewhere).flatMap(identifierClaim),
    ...stackClaim(group),
    ...group.entries.flatMap(accountKeyClaim),
  ]);
  const others = groups.flatMap(({ entries }) => entries.flatMap(otherClaims));
  const tiers = [
    decisive,
    ...(["sole", "usual", "shared"] as const).map((reach) => others.filter((claim) => claim.reach === reach)),
    useful.flatMap(({ identifiers }) => identifiers.flatMap(identifierClaim)),
  ];
  // What is told is the same whatever the order of keys.
  const deciding = tiers.find((claims) => claims.length > 0)?.toSorted((a, b) => (a.place < b.place ? -1 : 1)) ?? [];
  const [claim] = deciding;
  if (claim === undefined) return undefined;
  const other = deciding.find(({ accountId }) => accountId !== claim.accountId);
  if (other !== undefined) throw twoAccounts(claim, other);
  return { accountId: claim.accountId, place: claim.place };
}

/** Everything identified must be reachable with one set of credentials, and an ARN's partition is its region's. */
export function partitionOfAll(placed: readonly { readonly identifier: FoundIdentifier; readonly region: string }[]): string | undefined {
  let first: { readonly partition: string; readonly told: string } | undefined;
  for (const { identifier, region } of placed) {
    const { arn, place } = identifier;
    const ofRegion = partitionOf(region);
    for (const partition of [ofRegion, arn?.partition]) {
      if (partition === undefined) continue;
      const told = `${partition} by ${place} (${clipped(arn?.text ?? `${identifier.id} in ${region}`)})`;
      first ??= { partition, told };
      if (first.partition !== partition) throw twoPartitions(first.told, told);
    }
  }
  return first?.partition;
}

function identifierClaim({ arn, keyAccount, place }: FoundIdentifier): readonly Claim[] {
  return [...(arn === undefined ? [] : claimOf(arn, place)), ...(keyAccount === undefined ? [] : [{ accountId: keyAccount, place, quote: keyAccount }])];
}

function stackClaim({ stackId, source }: GroupContents): readonly Claim[] {
  return arnsWithin(stackId ?? "").flatMap((arn) => claimOf(arn, `${source}, StackId`));
}

function accountKeyClaim({ meaning, value, place, isForeign }: OutputEntry): readonly Claim[] {
  if (meaning.kind !== "account" || isForeign) return [];
  // A number loses its leading zeros.
  const accountId =
    typeof value === "number" ? String(value).padStart(12, "0") : typeof value === "string" ? value.trim().replaceAll(/(?<=\d)-(?=\d)/g, "") : "";
  return /^\d{12}$/.test(accountId) ? [{ accountId, place, quote: accountId }] : [];
}

/** Who uses what an ARN names: its account `sole`ly; its account `usual`ly, or another one that is let; several, as is meant (`shared`). */
type Reach = "sole" | "usual" | "shared";

function otherClaims(entry: OutputEntry): readonly (Claim & { readonly reach: Reach })[] {
  const { text, words, place, isForeign } = entry;
  if (text === undefined || isForeign || isElsewhere(words)) return [];
  const queues = [...text.matchAll(queueUrl)].flatMap(([quote, accountId = ""]) => ({ accountId, place, quote, reach: "usual" as const }));
  return [
    ...arnsWithin(text)
      .filter(isOwn)
      .flatMap((arn) => claimOf(arn, place).map((claim) => ({ ...claim, reach: reachOf(arn) }))),
    ...queues,
  ];
}

/** Layers, images, certificates' and shared zones' owners, and accounts named as principals are often others. */
function isOwn({ service, resource }: Arn): boolean {
  if (service === "iam") return resource !== "root";
  return (
    !(service === "lambda" && resource.startsWith("layer:")) && service !== "ecr" && service !== "ram" && service !== "organizations" && service !== "route53"
  );
}

const soleServices: ReadonlySet<string> = new Set("autoscaling elasticloadbalancing elasticache ecs eks cloudformation cloudwatch logs".split(" "));
/** What Resource Access Manager shares of a network, so that instances stand in subnets of another account. */
const sharedNetwork = /^(?:vpc|subnet|transit-gateway|transit-gateway-route-table|prefix-list|security-group)\//;

function reachOf({ service, resource }: Arn): Reach {
  if (service === "ec2") return sharedNetwork.test(resource) ? "shared" : "usual";
  return soleServices.has(service) ? "sole" : "usual";
}

function claimOf({ account, text }: Arn, place: string): readonly Claim[] {
  return account === undefined ? [] : [{ accountId: account, place, quote: clipped(text) }];
}

function twoAccounts(one: Claim, other: Claim): UserError {
  const told = ({ accountId, place, quote }: Claim): string => `${accountId} by ${place} (${JSON.stringify(quote)})`;
  return new UserError({
    code: "outputs-two-accounts",
    message: `the outputs name two accounts, ${told(one)} and ${told(other)}`,
    hint: "Pass the outputs of one account at a time. An output account_id settles whose they are where only other accounts' ARNs stand beside names.",
  });
}

function twoPartitions(one: string, other: string): UserError {
  return new UserError({
    code: "outputs-two-partitions",
    message: `the outputs name two AWS partitions, which no credentials span: ${one} and ${other}`,
    hint: "Pass the outputs of one partition at a time, or correct the ARN.",
  });
}
