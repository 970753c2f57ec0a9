import { examples, type Example } from "../../scripts/blueprints/examples.ts";
import { stackDocumentSchema, synthesizedText, type StackDocument } from "./synthesized-stacks.ts";

/** One stack of a blueprint in one environment, as text and as what tests look into. */
export interface ExampleStack extends Example {
  readonly stack: string;
  readonly text: string;
  readonly document: StackDocument;
}

/** All stacks of every blueprint in every environment; primaries before their secondaries. */
export function exampleStacks(synthesize = synthesizedText): readonly ExampleStack[] {
  return examples.flatMap((example) =>
    Object.entries(synthesize({ configFile: example.configuration, variables: {}, readSizing: () => undefined })).map(([stack, text]) => ({
      ...example,
      stack,
      text,
      document: stackDocumentSchema.parse(JSON.parse(text)),
    })),
  );
}
