export type RuleId = "dynamodb.unused-gsi" | "asg.instance-type" | "aurora.writer-class";
export type PhaseNumber = 1 | 2 | 3;
