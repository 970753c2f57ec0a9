import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { Construct } from "constructs";
import type { Names } from "../names.ts";
import { policyDocument } from "../policy-document.ts";

export interface AlarmTopicProps {
  readonly names: Names;
  /** Its policy must let CloudWatch use it, or alarms are silent without a word. */
  readonly keyArn: string;
  /** The e-mail address that gets the alarms. Without it nobody gets them yet. */
  readonly email?: string;
}

/** Where the alarms of a region go: encrypted, and open to CloudWatch alarms of this account only. */
export class AlarmTopic extends Construct {
  readonly arn: string;
  /** Whoever publishes has to wait for it. */
  readonly policy: SnsTopicPolicy;

  constructor(scope: Construct, id: string, { names, keyArn, email }: AlarmTopicProps) {
    super(scope, id);
    const { accountId, region } = names;
    const topic = new SnsTopic(this, "topic", { name: names.resource("alarms"), kmsMasterKeyId: keyArn });
    this.arn = topic.arn;
    this.policy = new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: policyDocument({
        Sid: "AlarmsPublish",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topic.arn,
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": `arn:aws:cloudwatch:${region}:${accountId}:alarm:*` },
        },
      }),
    });
    if (email !== undefined) new SnsTopicSubscription(this, "email", { topicArn: topic.arn, protocol: "email", endpoint: email });
  }
}
