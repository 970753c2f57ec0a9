import type { LoadModel } from "../../simulation/load/load-model.ts";
import type { SizingChange } from "../../optimizer/core/model/action.ts";
import type { Lever } from "./opened.ts";
import type { Trial } from "./trial.ts";

/** What rules decide about one kind of resource, and how the truth of it is found: by trying its sizes on the model of the load. */
export interface TriedLever<Size> extends Omit<Lever, "open"> {
  /** The resource in the account; undefined where it has none. */
  open(trial: Trial): Tried<Size> | undefined;
}

export type ByTick = (tick: number) => number;

/** A resource whose size can be set at will. */
export interface Tried<Size> {
  /** The service of the simulated account that the size belongs to. */
  readonly service: string;
  readonly deployed: Size;
  /** Every smaller size that the rules may come to, down to the policy's targets. */
  readonly candidates: readonly Size[];
  /** What may be gone: each is tried through all hours. */
  readonly losses: readonly string[];
  /** As if it had had the size all the time, and what is lost had never been there. */
  put(size: Size, lost?: string): void;
  /** The fullest dimension of the size that was put, 0 to 1 of what it has, 1 and above being more than that; of those that the policy keeps room in. */
  usage(model: LoadModel, size: Size): ByTick;
  /** One-minute samples of five minutes, as deployed: the more there are, the further the highest is above their mean. */
  readonly samples: number;
  /** Whether the requirement asks for a smaller one at all: its thresholds, on the load as it is in the given hours. */
  isAsked(model: LoadModel, hours: readonly number[]): boolean;
  /** Of what a window lets p99 rise, its rule keeps the policy's room free (`rules.maxWorstHourShare`). */
  readonly keepsLatency?: true;
  /** Whether a size keeps what its rule promises besides. */
  keeps?(size: Size): boolean;
  /** List price, US dollars a month. */
  monthlyUsd(size: Size): number;
  /** The size that sizing files would say afterwards. */
  after(changes: readonly SizingChange[]): Size;
  text(size: Size): string;
  /** Hours from 1970 in which something beside the traffic asks most. */
  readonly alsoHours?: readonly number[];
  /** For rules of thumb, where the size has processors. */
  readonly processors?: Processors<Size>;
}

/** What rules of thumb look at: processors alone. */
export interface Processors<Size> {
  /** Sizes they choose from, the largest first. */
  readonly sizes: readonly Size[];
  vcpu(size: Size): number;
  /** Busy share of the busiest, as deployed. */
  cpu(model: LoadModel): ByTick;
}

/** The values of a property by the resource's name. */
export function valuesOf(changes: readonly SizingChange[], property: string): ReadonlyMap<string, SizingChange["value"]> {
  return new Map(changes.filter((each) => each.property === property).map(({ id, value }) => [id, value]));
}

/** The one value of a property as a number; undefined where no change names it. */
export function numberOf(changes: readonly SizingChange[], property: string): number | undefined {
  const [value] = valuesOf(changes, property).values();
  return typeof value === "number" ? value : undefined;
}

/** Likewise as a text. */
export function textOf(changes: readonly SizingChange[], property: string): string | undefined {
  const [value] = valuesOf(changes, property).values();
  return typeof value === "string" ? value : undefined;
}

/** Whole numbers between two, both included. */
export function between(least: number, most: number): readonly number[] {
  return Array.from({ length: Math.max(0, most - least + 1) }, (_, at) => least + at);
}

/** Sizes of a family (given from the smallest) from the target up to today's. Only today's where the target is of another family or larger. */
export function stepsFrom(family: readonly string[], from: string, target: string): readonly string[] {
  const [current, aim] = [family.indexOf(from), family.indexOf(target)];
  return aim === -1 || aim >= current ? [from] : family.slice(aim, current + 1);
}
