/** `<lever>.<rule>`, e.g. `asg.instance-type`. Which exist, the registry says (levers/rules.ts). */
export type RuleId = `${string}.${string}`;
export type PhaseNumber = 1 | 2 | 3;
