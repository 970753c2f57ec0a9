import { sources, synthesized, type StackDocument } from "./synthesized-stacks.ts";

type Stacks = Readonly<Record<"primary" | "secondary", StackDocument>>;

/** Production; `sizing` by stack name. */
export function streamingProduction(sizing: Readonly<Record<string, object>> = {}, configuration: object = {}): Stacks {
  const files = Object.fromEntries(Object.entries(sizing).map(([stack, sizes]) => [`prod/${stack}.json`, { version: 1, ...sizes }]));
  return synthesized(sources({ blueprint: "streaming", ...configuration }, files));
}

export function streamingStaging(): Stacks {
  return synthesized({ variables: { TAP_BLUEPRINT: "streaming", TAP_ENVIRONMENT: "staging" }, readSizing: () => undefined });
}
