import { readStackDocument, type StackDocuments } from "../terraform/stack-document.ts";

/**
 * What the stacks ask for that this account keeps but does not act on, in words. Whoever reads a figure of a simulated run must
 * know it; docs/simulation.md says what follows from each.
 */
export function notFollowed(stacks: StackDocuments): readonly string[] {
  const scaled = Object.entries(stacks).filter(([name, json]) => readStackDocument(name, json).blocks.some(({ type }) => type === "aws_autoscaling_policy"));
  if (scaled.length === 0) return [];
  const names = scaled.map(([name]) => name).join(", ");
  return [`scaling policies are kept but not followed (${names}): groups keep their size, where AWS would let them grow and shrink (docs/simulation.md)`];
}
