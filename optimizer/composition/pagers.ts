import { UserError } from "../../contract/user-error.ts";
import { boundedPager } from "../adapters/pagers/bounded-pager.ts";
import { createCommandPager } from "../adapters/pagers/command-pager.ts";
import { createWebhookPager } from "../adapters/pagers/webhook-pager.ts";
import type { Policy } from "../core/model/policy.ts";
import { isWebhookUrl } from "../core/model/webhook-url.ts";
import { variableOfPolicy } from "../environment.ts";
import type { Pager } from "../ports/pager.ts";

export interface PagerParts {
  readonly purpose: "begin" | "go-on";
  readonly isSimulated: boolean;
  /** The URL that a stored plan was made with: the plan itself shows only its host. */
  storedWebhookUrl(): Promise<string | undefined>;
  snsPager(topicArn: string, timeoutMs: number): Promise<Pager>;
}

/**
 * The channels that the policy names. A run of a simulated account tells nobody outside of it unless the policy says so: its days pass in
 * seconds, and whoever is on call would be woken for nothing.
 */
export async function createPagers(paging: Policy["paging"], parts: PagerParts): Promise<readonly Pager[]> {
  const { command, snsTopicArn, timeoutSeconds, fromSimulated } = paging;
  const timeoutMs = timeoutSeconds * 1000;
  const pagers: Pager[] = [];
  if (snsTopicArn !== undefined) pagers.push(await parts.snsPager(snsTopicArn, timeoutMs));
  if (!parts.isSimulated || fromSimulated) {
    if (command !== undefined) pagers.push(createCommandPager(command, timeoutMs));
    const webhook = await webhookPager(paging, parts, timeoutMs);
    if (webhook !== undefined) pagers.push(webhook);
  }
  // A moment more than each gives itself, so that it can say why.
  return pagers.map((pager) => boundedPager(pager, timeoutMs + 500));
}

async function webhookPager({ webhookUrl, webhookUrlFrom }: Policy["paging"], parts: PagerParts, timeoutMs: number): Promise<Pager | undefined> {
  if (webhookUrl === undefined && webhookUrlFrom === undefined) return undefined;
  const url = webhookUrlFrom === undefined ? await parts.storedWebhookUrl() : variableOfPolicy(webhookUrlFrom);
  if (url !== undefined && isWebhookUrl(url)) return createWebhookPager(url, timeoutMs);
  const problem = problemOf(webhookUrlFrom, url);
  if (parts.purpose === "begin") throw problem;
  return { channel: "webhook", send: () => Promise.reject(problem) };
}

function problemOf(variable: string | undefined, url: string | undefined): UserError {
  if (variable === undefined) {
    return new UserError({
      code: "webhook-unknown",
      message: "the webhook's URL no longer lies beside the stored plan",
      hint: "Restore the state folder from a copy, or make the plan again with `optimizer plan`.",
    });
  }
  return new UserError({
    code: "webhook-unset",
    message: `paging.webhookUrlFrom names ${variable}, which ${url === undefined ? "is not set" : "holds no https URL, and no http one of this machine"}`,
    hint: `Set ${variable} to the webhook's URL for every command that drives the run: run, tick, resume, rollback.`,
  });
}
