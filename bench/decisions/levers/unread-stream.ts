import type { SizingChange } from "../../../optimizer/core/model/action.ts";
import { momentMs } from "../../../simulation/scenario/references.ts";
import { demandOf } from "../../../simulation/services/dynamodb/demand.ts";
import { tables } from "../../../simulation/services/dynamodb/table.ts";
import { mappingsIn } from "../../../simulation/services/lambda/event-source-mappings.ts";
import { pipesOf } from "../../../simulation/services/pipes/service.ts";
import { baselineDays, futureDays } from "../hours.ts";
import { harmless, type Lever, nothing } from "../opened.ts";
import { region } from "../region.ts";

const dayMs = 86_400_000;

/** Streams that nobody is connected to and nobody reads; a stream costs nothing, so that they are counted. */
export const unreadStream: Lever = {
  rules: ["dynamodb.unread-stream"],
  open({ scenario, state }) {
    const startMs = Date.parse(scenario.start);
    const streams = state
      .of(tables)
      .in(region)
      .filter(({ stream }) => stream.final() !== null)
      .map(({ core: { name } }) => {
        const { streamReadsPerSecond = 0, streamReads = [] } = demandOf({ scenario }, region, name);
        const isConnected =
          mappingsIn({ state, scenario, region }).some(({ sourceArn }) => sourceArn.includes(`:table/${name}/`)) || pipesOf(scenario, region, name).length > 0;
        const isReadIn = (fromMs: number, untilMs: number): boolean =>
          isConnected || streamReadsPerSecond > 0 || streamReads.some(({ start }) => momentMs(start, startMs) >= fromMs && momentMs(start, startMs) < untilMs);
        return { name, isReadPast: isReadIn(startMs - baselineDays * dayMs, startMs), isReadLater: isReadIn(startMs, startMs + futureDays * dayMs) };
      });
    if (streams.length === 0) return undefined;
    const turnedOff = (changes: readonly SizingChange[]) =>
      streams.filter(({ name }) => changes.some(({ id, property, value }) => id === name && property === "stream" && value === "off"));
    const unread = streams.filter(({ isReadPast }) => !isReadPast);
    const best = unread.length === 0 ? nothing : { text: textOf(unread), gain: unread.length };
    return {
      counts: "streams",
      truthOf(changes) {
        const off = turnedOff(changes);
        return { ...harmless, isUnsafeSeen: off.some(({ isReadPast }) => isReadPast), isUnsafeLater: off.some(({ isReadLater }) => isReadLater) };
      },
      gainOf: (changes) => turnedOff(changes).length,
      text: (changes) => textOf(turnedOff(changes)),
      safest: best,
      safestWithin: best,
      peers: () => [],
    };
  },
};

function textOf(streams: readonly { readonly name: string }[]): string {
  return streams.map(({ name }) => name).join(", ");
}
