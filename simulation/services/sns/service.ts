import { InvalidParameterException, NotFoundException, type PublishCommandInput, type PublishCommandOutput, SNSServiceException } from "@aws-sdk/client-sns";
import { mutation, type Answer, type MutationContext, type Service } from "../../account/service.ts";
import { refusal, serviceErrors } from "../../account/service-error.ts";
import { regionalStore } from "../../account/state.ts";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import { argumentsOf } from "../../terraform/arguments.ts";
import { argument, arn, arnIsId } from "../../terraform/attributes.ts";

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: 262,144 bytes of UTF-8; a subject is shorter than 100 characters. */
const limits = { messageBytes: 262_144, subjectCharacters: 100 } as const;

/** One line of UTF-8 without control characters. */
const controlCharacters = /\p{Cc}/u;

export interface PublishedMessage {
  readonly id: string;
  readonly atMs: number;
  readonly subject: string | undefined;
  /** As given: with `MessageStructure` `json` an object of texts by protocol. */
  readonly message: string;
}

export interface Topic {
  readonly region: string;
  readonly name: string;
  readonly published: PublishedMessage[];
}

export const topics = regionalStore<Topic>();

function publish(input: PublishCommandInput, { state, region, nowMs, idSeed }: MutationContext): () => Answer<PublishCommandOutput> {
  refuseUnmodelled("Publish", input, ["TopicArn", "Message", "Subject", "MessageStructure"]);
  const { TopicArn = "", Message: message = "", Subject: subject, MessageStructure: structure } = input;
  const [, , service, topicRegion, account, name = ""] = TopicArn.split(":");
  if (service !== "sns" || account === undefined) throw invalid("TopicArn");
  if (subject !== undefined && (subject === "" || subject.length >= limits.subjectCharacters || controlCharacters.test(subject))) throw invalid("Subject");
  if (message === "") throw invalid("Empty message");
  if (Buffer.byteLength(message) > limits.messageBytes) throw invalid("Message too long");
  if (structure !== undefined) refuseStructure(structure, message);
  const topic = topicRegion === region && account === state.accountId ? state.of(topics).get(region, name) : undefined;
  if (topic === undefined) throw new NotFoundException(refusal("Topic does not exist", 404));
  const id = `${idSeed.slice(0, 8)}-${idSeed.slice(8, 12)}-${idSeed.slice(12, 16)}-${idSeed.slice(16, 20)}-${idSeed.slice(20, 32)}`;
  return () => {
    topic.published.push({ id, atMs: nowMs, subject, message });
    return { MessageId: id };
  };
}

function refuseStructure(structure: string, message: string): void {
  if (structure !== "json") throw invalid("MessageStructure");
  const texts = parsed(message);
  if (typeof texts !== "object" || texts === null || Array.isArray(texts)) throw invalid("Message Structure - JSON message body failed to parse");
  if (!("default" in texts) || typeof texts.default !== "string") throw invalid("Message Structure - No default entry in JSON message body");
}

/** Undefined where it is no JSON: no JSON document is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function invalid(what: string): InvalidParameterException {
  return new InvalidParameterException(refusal(`Invalid parameter: ${what}`));
}

export const sns: Service = {
  name: "sns",
  api: { client: "SNSClient", errors: serviceErrors(SNSServiceException, "query"), commands: { Publish: mutation(publish) } },
  resources: {
    aws_sns_topic: {
      attributes: arnIsId({ arn: arn("sns", (self) => self.text("name")), name: argument("name") }),
      deploy(resource, { state }) {
        const name = argumentsOf(resource).text("name");
        if (state.of(topics).get(resource.region, name) === undefined) state.of(topics).add(name, { region: resource.region, name, published: [] });
      },
    },
  },
};
