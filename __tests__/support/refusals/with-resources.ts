import type { StackDocuments } from "../../../simulation/terraform/stack-document.ts";
import { fixtureStacks } from "../terraform-fixture.ts";

type Blocks = Readonly<Record<string, object>>;
type Edits = Readonly<Record<string, (blocks: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>) => Blocks>>;

/** The fixture's stacks, with other resources of some Terraform types in the primary one. */
export function withResources(edits: Edits): StackDocuments {
  const { primary, ...others } = fixtureStacks() as Readonly<
    Record<string, { readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>> }>
  >;
  if (primary === undefined) throw new Error("the fixture has no primary stack");
  const edited = Object.entries(edits).map(([type, edit]): [string, Blocks] => [type, edit(primary.resource[type] ?? {})]);
  return { ...others, primary: { ...primary, resource: { ...primary.resource, ...Object.fromEntries(edited) } } };
}
