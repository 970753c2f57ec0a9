import type { RuleId } from "../model/rule-id.ts";

const services: Readonly<Record<RuleId, string>> = {
  "dynamodb.unused-gsi": "Amazon DynamoDB",
  "asg.instance-type": "Amazon Elastic Compute Cloud - Compute",
  "aurora.writer-class": "Amazon Relational Database Service",
};

/** The name Cost Explorer gives the service that a rule makes cheaper (dimension SERVICE). */
export function costServiceOf(rule: RuleId): string {
  return services[rule];
}
