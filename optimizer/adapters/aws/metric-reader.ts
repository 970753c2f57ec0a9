import { GetMetricDataCommand, type CloudWatchClient, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { setTimeout as pause } from "node:timers/promises";
import pLimit, { type LimitFunction } from "p-limit";
import { freezeThrough } from "../../../contract/frozen.ts";
import { Fault } from "../../errors.ts";
import { seriesId, type Observation, type SeriesKey, type Span, type Unit } from "../../core/model/observation.ts";
import type { MetricReader } from "../../ports/metrics.ts";
import { readErrorOf } from "./aws-errors.ts";
import type { RegionClients } from "./client-factory.ts";
import { oncePer, oncePerValue } from "../../core/model/once.ts";
import { billedMetrics, maxPointsPerCall, metricBatches } from "../../core/metrics/metric-batches.ts";
import { createSeriesPoints, type SeriesPoints } from "./metric-points.ts";

export interface MetricReaderOptions {
  /** GetMetricData does not tell units; the catalogue of metrics knows them. */
  readonly unitOf: (key: SeriesKey) => Unit;
  /** Calls of one region at a time. */
  readonly concurrency?: number;
  /** How often series that AWS left partial are asked again. */
  readonly rounds?: number;
  /** Before the second round; doubled before each further one. */
  readonly pauseMs?: number;
}

/** More pages than any batch can have: 500 series of one point each. */
const maxPages = 1_000;

/**
 * GetMetricData, packed to its limits, paged and repeated until every series is complete. What stays incomplete after the
 * last round is `partial`, or `failed` without any point. Counts metrics as AWS bills them: each page of a call bills each
 * metric in it, up to five statistics of one metric as one.
 */
export function createMetricReader(clients: (region: string) => Pick<RegionClients, "cloudWatch">, options: MetricReaderOptions): MetricReader {
  const { unitOf, concurrency = 5, rounds = 4, pauseMs = 250 } = options;
  const limits = new Map<string, LimitFunction>();
  let billed = 0;

  function limitOf(region: string): LimitFunction {
    const known = limits.get(region);
    if (known !== undefined) return known;
    const fresh = pLimit(concurrency);
    limits.set(region, fresh);
    return fresh;
  }

  async function readBatch(client: CloudWatchClient, batch: readonly SeriesKey[], span: Span): Promise<readonly Observation[]> {
    const points = batch.map((key) => createSeriesPoints(key, span, unitOf(key)));
    const complete = new Set<number>();
    let open = wholeOf(batch);
    for (let round = 0; round < rounds && open.places.length > 0; round += 1) {
      if (round > 0) await pause(pauseMs * 2 ** (round - 1));
      const statuses = await readRound(client, open, { points, span, bill: (metrics) => (billed += metrics) });
      for (const place of open.places) if (statuses.get(queryId(place)) === "Complete") complete.add(place);
      // Forbidden stays forbidden.
      const left = open.places.filter((place) => !complete.has(place) && statuses.get(queryId(place)) !== "Forbidden");
      open = left.length === 0 ? nothingLeft : askingFor(batch, left);
    }
    return points.map((each, place) => each.observation(complete.has(place) ? "complete" : "unfinished"));
  }

  return {
    async read(region, keys, span) {
      checkRequest(region, keys, span);
      const { cloudWatch } = clients(region);
      const limit = limitOf(region);
      const { batches, places } = batchesOf(keys)(span.endMs - span.startMs);
      const observations = (await Promise.all(batches.map((batch) => limit(() => readBatch(cloudWatch, batch, span))))).flat();
      return places.map((place, at) => observations[place] ?? missing(keys[at]));
    },
    requestsMade: () => billed,
  };
}

/** How a list of series is split into calls, and where in their answers each is found: of equal keys only one is asked. */
interface Batches {
  readonly batches: readonly (readonly SeriesKey[])[];
  readonly places: readonly number[];
}

/** By the length of the span: a window asks for one list at each of its slots. */
const batchesOf = oncePer((keys: readonly SeriesKey[]) =>
  oncePerValue((lengthMs: number): Batches => {
    const batches = metricBatches(keys, { startMs: 0, endMs: lengthMs });
    const asked = new Map(batches.flat().map((key, place) => [seriesId(key), place]));
    return { batches, places: keys.map((key) => asked.get(seriesId(key)) ?? missing(key)) };
  }),
);

/** Some series of a batch, by their places in it: how AWS is asked for them, and how many metrics each page of that bills. */
interface Asking {
  readonly places: readonly number[];
  readonly queries: MetricDataQuery[];
  readonly billed: number;
}

const nothingLeft: Asking = { places: [], queries: [], billed: 0 };

function askingFor(batch: readonly SeriesKey[], places: readonly number[]): Asking {
  const keys = places.flatMap((place) => batch[place] ?? []);
  return { places, queries: keys.map((key, at) => queryOf(queryId(places[at] ?? at), key)), billed: billedMetrics(keys) };
}

const askedBefore = new WeakSet<readonly SeriesKey[]>();
const keptWhole = oncePer((batch: readonly SeriesKey[]) => freezeThrough(askingFor(batch, [...batch.keys()])));

/** A window asks for the same batch at each of its slots, so that whoever answers may know it again; of a plan's many series, which are asked once, nothing is kept. */
function wholeOf(batch: readonly SeriesKey[]): Asking {
  if (askedBefore.has(batch)) return keptWhole(batch);
  askedBefore.add(batch);
  return askingFor(batch, [...batch.keys()]);
}

interface Round {
  readonly points: readonly SeriesPoints[];
  readonly span: Span;
  readonly bill: (metrics: number) => void;
}

/** One pass over all pages of a call: AWS's last status of each series, none for those that it did not mention. */
async function readRound(client: CloudWatchClient, { places, queries, billed }: Asking, { points, span, bill }: Round): Promise<ReadonlyMap<string, string>> {
  const statuses = new Map<string, string>();
  const byId = new Map(places.map((place) => [queryId(place), points[place]]));
  const tokens = new Set<string>();
  let token: string | undefined;
  do {
    bill(billed);
    const page = await send(client, queries, span, token);
    for (const { Id: id = "", Timestamps: timestamps = [], Values: values = [], StatusCode: status = "InternalError" } of page.MetricDataResults ?? []) {
      byId.get(id)?.add({ timestamps, values });
      statuses.set(id, status);
    }
    token = page.NextToken;
    // A token that comes again leads nowhere: pages are missing, whatever the statuses say.
    if (token !== undefined && (tokens.has(token) || tokens.size === maxPages)) return new Map();
    if (token !== undefined) tokens.add(token);
  } while (token !== undefined);
  return statuses;
}

async function send(client: CloudWatchClient, queries: MetricDataQuery[], span: Span, token: string | undefined) {
  try {
    return await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: new Date(span.startMs),
        EndTime: new Date(span.endMs),
        ScanBy: "TimestampAscending",
        MaxDatapoints: maxPointsPerCall,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
  } catch (error) {
    throw readErrorOf(error, "cloudwatch:GetMetricData");
  }
}

function queryOf(id: string, key: SeriesKey): MetricDataQuery {
  return {
    Id: id,
    ReturnData: true,
    MetricStat: {
      Metric: {
        Namespace: key.namespace,
        MetricName: key.metric,
        Dimensions: Object.entries(key.dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: key.periodSeconds,
      Stat: key.statistic,
    },
  };
}

/** GetMetricData wants ids that start with a lower-case letter. */
function queryId(index: number): string {
  return `s${index}`;
}

function checkRequest(region: string, keys: readonly SeriesKey[], span: Span): void {
  const length = span.endMs - span.startMs;
  for (const key of keys) {
    if (key.region !== region) throw new Fault(`series ${seriesId(key)} was asked for in ${region}`);
    if (length <= 0 || length % (key.periodSeconds * 1000) !== 0) throw new Fault(`the period of ${seriesId(key)} does not divide the span of ${length} ms`);
  }
}

function missing(key: SeriesKey | undefined): never {
  throw new Fault(`no observation was made for ${key === undefined ? "a series" : seriesId(key)}`);
}
