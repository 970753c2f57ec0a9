import { PublishCommand } from "@aws-sdk/client-sns";
import type { PageMessage } from "../../core/paging/page-message.ts";
import { PageFailed } from "../../errors.ts";
import type { Pager } from "../../ports/pager.ts";
import type { ClientFactory } from "./client-factory.ts";

/** A subject has less than 100 characters (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). */
const longestSubject = 99;

/** Subscribers by these protocols are programs; all others, such as e-mail, get the text. */
const programs: readonly string[] = ["http", "https", "lambda", "sqs", "firehose"];

/** Publishes each message to one standard topic: text for people, JSON for programs. Given up after `timeoutMs`, retries included. */
export function createSnsPager(clients: ClientFactory, topicArn: string, timeoutMs: number): Pager {
  const [, , , region = ""] = topicArn.split(":");
  return {
    channel: "sns",
    async send(message, stop) {
      try {
        await clients(region).sns.send(
          new PublishCommand({ TopicArn: topicArn, Subject: subjectOf(message), MessageStructure: "json", Message: bodyOf(message) }),
          { abortSignal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(stop === undefined ? [] : [stop])]) },
        );
      } catch (cause) {
        if (stop?.aborted === true) throw new PageFailed(`${topicArn} had not answered when this process was stopped`, { cause });
        const words = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
        throw new PageFailed(`${topicArn}: ${words}`, { cause });
      }
    },
  };
}

/** Printable ASCII, since some endpoints take no other, and one line. */
function subjectOf({ summary }: PageMessage): string {
  const words = `optimizer: ${summary}`.replaceAll(/[^\x20-\x7e]+/g, " ");
  return words.length > longestSubject ? `${words.slice(0, longestSubject - 3)}...` : words;
}

function bodyOf(message: PageMessage): string {
  const json = JSON.stringify(message);
  return JSON.stringify({ default: message.text, ...Object.fromEntries(programs.map((protocol) => [protocol, json])) });
}
