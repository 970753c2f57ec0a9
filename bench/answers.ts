import { Fault } from "../optimizer/errors.ts";
import type { RunPorts } from "../optimizer/app/drive-run.ts";

/** What AWS answered in one tick, by port and method, in order. `null` stands for an answer without content. */
export interface Answers {
  readonly startMs: number;
  readonly byCall: Readonly<Record<string, readonly unknown[]>>;
}

/** The ports that ask AWS; the others are files, clock and terminal. */
type AskingPorts = Pick<RunPorts, "metrics" | "tags" | "births" | "resources" | "identity" | "inventory" | "changeReader">;

/** Calls go through, and what comes back is kept. */
export function recording(ports: AskingPorts): { readonly ports: AskingPorts; readonly answers: () => Readonly<Record<string, readonly unknown[]>> } {
  const kept: Record<string, unknown[]> = {};
  const keep = async <T>(call: string, answer: Promise<T>): Promise<T> => {
    const own = (kept[call] ??= []);
    const at = own.push(null) - 1;
    const value = await answer;
    own[at] = value;
    return value;
  };
  return {
    answers: () => kept,
    ports: {
      metrics: {
        read: (region, keys, span) => keep(`metrics ${region}`, ports.metrics.read(region, keys, span)),
        requestsMade: () => ports.metrics.requestsMade(),
      },
      tags: { tagsOf: (...asked) => keep("tags", ports.tags.tagsOf(...asked)) },
      births: { bornOf: (...asked) => keep("births", ports.births.bornOf(...asked)) },
      resources: {
        describe: (...asked) => keep("resources", ports.resources.describe(...asked)),
        eventsOf: (...asked) => keep("events", ports.resources.eventsOf(...asked)),
      },
      identity: { whoAmI: (region) => keep("identity", ports.identity.whoAmI(region)) },
      inventory: { describe: (...asked) => keep("inventory", ports.inventory.describe(...asked)) },
      changeReader: {
        stateOf: (change) => keep("state", ports.changeReader.stateOf(change)),
        reaches: (...asked) => keep("reaches", ports.changeReader.reaches(...asked)),
        statesOf: (...asked) => keep("states", ports.changeReader.statesOf(...asked)),
      },
    },
  };
}

/** The same answers again, at once. Rejects with a Fault where another question is asked than was. */
export function replaying({ byCall }: Answers): AskingPorts {
  const left = new Map(Object.entries(byCall).map(([call, answers]) => [call, [...answers]]));
  const again = async <T>(call: string): Promise<T> => {
    const answers = left.get(call);
    if (answers === undefined || answers.length === 0) throw new Fault(`the recorded tick had no further answer to: ${call}`);
    return answers.shift() as T;
  };
  return {
    metrics: { read: (region) => again(`metrics ${region}`), requestsMade: () => 0 },
    tags: { tagsOf: () => again("tags") },
    births: { bornOf: () => again("births") },
    resources: { describe: () => again("resources"), eventsOf: () => again("events") },
    identity: { whoAmI: () => again("identity") },
    inventory: { describe: () => again("inventory") },
    changeReader: { stateOf: () => again("state"), reaches: () => again("reaches"), statesOf: () => again("states") },
  };
}
