import { configuredTags } from "../terraform/tags.ts";
import type { EvaluatedResource } from "../terraform/evaluate.ts";
import type { AccountState, Owned, Regional, Store } from "./state.ts";

export type Values = Readonly<Record<string, unknown>>;

/** What an argument is now, as Terraform would read it back; `given`: the arguments as deployed. */
type LiveArgument<T> = (resource: T, given: Values, atMs: number) => unknown;
/** What an attribute that others refer to is now. */
type LiveAttribute<T> = (resource: T, atMs: number) => unknown;

/** Where Terraform reads the tags of a type. */
export interface TagForm {
  known(deployed: EvaluatedResource): Values;
  with(values: Values, foreign: readonly (readonly [string, string])[]): Values;
}

/** How resources of a Terraform type are read back, whatever they are in the account. */
export interface LiveResource {
  find(state: AccountState, address: string, region: string | undefined): Owned | undefined;
  /** Arguments that the account can change; all others are as they were deployed. */
  readonly arguments: Readonly<Record<string, LiveArgument<Owned>>>;
  /** Attributes that others refer to and that change in the resource's life. */
  readonly attributes: Readonly<Record<string, LiveAttribute<Owned>>>;
  /** Somebody deleted it: Terraform takes it out of its state, and adds it where the stacks still want it. */
  readonly isGone: (resource: Owned, atMs: number) => boolean;
  /** What applying a changed resource makes of such an attribute. */
  readonly renewed: Readonly<Record<string, (live: unknown) => unknown>>;
  readonly tags: TagForm;
}

interface LiveOptions<T> {
  readonly attributes?: Readonly<Record<string, LiveAttribute<T>>>;
  readonly renewed?: LiveResource["renewed"];
  readonly isGone?: (resource: T, atMs: number) => boolean;
  readonly tags?: TagForm;
}

/** `liveResource(tables, { attribute: (table, given, atMs) => … })`. */
export function liveResource<T extends Owned>(
  store: Store<Regional<T>>,
  args: Readonly<Record<string, LiveArgument<T>>> = {},
  { attributes = {}, renewed = {}, isGone = () => false, tags = tagsArgument }: LiveOptions<T> = {},
): LiveResource {
  return {
    find: (state, address, region) => {
      const found = state.of(store).all();
      return found.find((resource) => resource.address === address && (region === undefined || resource.region === region));
    },
    // `find` gives these readers nothing but what the store holds.
    arguments: args as Readonly<Record<string, LiveArgument<Owned>>>,
    attributes: attributes as Readonly<Record<string, LiveAttribute<Owned>>>,
    isGone: isGone as LiveResource["isGone"],
    renewed,
    tags,
  };
}

const tagsArgument: TagForm = {
  known: configuredTags,
  with: (values, foreign) => ({ ...values, tags: { ...Object(values["tags"]), ...Object.fromEntries(foreign) } }),
};

/** The block as it was configured, a list of one or the block itself, with some values changed. */
export function blockLike(configured: unknown, changed: Values): unknown {
  if (Array.isArray(configured)) return [{ ...Object(configured[0]), ...changed }];
  return { ...Object(configured), ...changed };
}
