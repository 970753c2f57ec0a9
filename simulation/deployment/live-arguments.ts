import type { Values } from "../account/live-resource.ts";
import type { ResourceType, Service } from "../account/service.ts";
import type { AccountState, Owned } from "../account/state.ts";
import type { EvaluatedResource, EvaluationContext } from "../terraform/evaluate.ts";
import type { Provider } from "../terraform/stack-document.ts";

/** A type as its service describes it. A service that models a type stands before `inert`, which merely keeps it. */
export function resourceType(services: readonly Service[], type: string): ResourceType | undefined {
  return services.find(({ resources }) => resources !== undefined && Object.hasOwn(resources, type))?.resources?.[type];
}

/** What the services say that AWS decides, by type. */
export function attributesOf(services: readonly Service[]): EvaluationContext["attributes"] {
  // The first service that names a type counts, so that later ones are put in first.
  const inReverse = services.toReversed();
  const resources = new Map(inReverse.flatMap((service) => Object.entries(service.resources ?? {})));
  const data = new Map(inReverse.flatMap((service) => Object.entries(service.data ?? {})));
  return (mode, type) => (mode === "resource" ? resources.get(type)?.attributes : data.get(type));
}

/**
 * What Terraform would read back of a deployed resource: its arguments, with what the account says now of those that can change.
 * `reader` is the provider it reads with, which may be told to ignore tags.
 */
export function liveArguments(services: readonly Service[], deployed: EvaluatedResource, reader: Provider, state: AccountState): Values {
  const { arguments: given, address, region, block } = deployed;
  const live = resourceType(services, block.type)?.live;
  const resource = live?.find(state, address, region);
  // Nothing in this account changes any other type: it is as it was deployed.
  if (live === undefined || resource === undefined) return given;
  const now = Object.entries(live.arguments).map(([name, read]) => [name, read(resource, given, state.nowMs)]);
  const foreign = foreignTags(live.tags.known(deployed), reader, resource);
  const values = { ...given, ...Object.fromEntries(now) };
  return foreign.length === 0 ? values : live.tags.with(values, foreign);
}

/** Whether somebody has deleted a deployed resource meanwhile. */
export function isGone(services: readonly Service[], { address, region, block }: EvaluatedResource, state: AccountState): boolean {
  const live = resourceType(services, block.type)?.live;
  const resource = live?.find(state, address, region);
  return resource !== undefined && live?.isGone(resource, state.nowMs) === true;
}

/** Attributes that others refer to and that change in a resource's life; `undefined`: nothing the account knows of. */
export function liveAttribute(services: readonly Service[], state: AccountState, address: string, attribute: string): unknown {
  const live = resourceType(services, typeOf(address))?.live;
  const read = live !== undefined && Object.hasOwn(live.attributes, attribute) ? live.attributes[attribute] : undefined;
  const resource = read && live?.find(state, address, undefined);
  return resource === undefined ? undefined : read?.(resource, state.nowMs);
}

/** The type in `<stack>/<type>.<name>`. */
export function typeOf(address: string): string {
  return address.slice(address.indexOf("/") + 1).split(".")[0] ?? "";
}

/** Tags nobody deployed show up in what Terraform reads, unless its provider is told to ignore them. */
function foreignTags(known: Values, { ignoredTagKeys, ignoredTagPrefixes }: Provider, live: Owned): readonly (readonly [string, string])[] {
  return Object.entries(live.tags).filter(
    ([key, value]) => known[key] !== value && !ignoredTagKeys.includes(key) && !ignoredTagPrefixes.some((prefix) => key.startsWith(prefix)),
  );
}
