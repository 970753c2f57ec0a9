import { hashOf } from "../../core/model/hash.ts";
import type { PriceBook } from "../../core/model/rule.ts";
import storageIo from "../../prices/aurora-io.json" with { type: "json" };
import ioOptimized from "../../prices/aurora-io-optimized.json" with { type: "json" };
import serverless from "../../prices/aurora-serverless.json" with { type: "json" };
import fargate from "../../prices/fargate.json" with { type: "json" };
import functions from "../../prices/lambda.json" with { type: "json" };
import standalone from "../../prices/rds.json" with { type: "json" };
import snapshot from "../../prices/aws-list-prices.json" with { type: "json" };

type Region = (typeof snapshot.regions)["us-east-1"];

const million = 1_000_000;

/** AWS's list prices as a sourced snapshot. Anything the snapshot does not hold is null: unknown, never guessed. */
export function createPriceBook(): PriceBook {
  return {
    source: "AWS Price List snapshot (optimizer/prices/aws-list-prices.json)",
    asOf: snapshot.asOf,
    hash: hashOf([snapshot, storageIo, ioOptimized, functions, fargate, serverless, standalone]),
    ec2Hourly: (region, instanceType) => priceOf(regionOf(region)?.ec2Hour, instanceType),
    auroraHourly: (region, engine, instanceClass, storage = "standard") =>
      priceOf(storage === "standard" ? auroraPrices(regionOf(region), engine) : ioOptimizedPrices(region, engine), instanceClass),
    auroraAcuHourly(region, storage) {
      const regions: Readonly<Record<string, (typeof serverless.regions)["us-east-1"]>> = serverless.regions;
      const prices = Object.hasOwn(regions, region) ? regions[region] : undefined;
      return prices === undefined ? null : storage === "standard" ? prices.standardAcuHour : prices.ioOptimizedAcuHour;
    },
    auroraIoRequest(region) {
      const regions: Readonly<Record<string, (typeof storageIo.regions)["us-east-1"]>> = storageIo.regions;
      const prices = Object.hasOwn(regions, region) ? regions[region] : undefined;
      return prices === undefined ? null : prices.ioPerMillion / million;
    },
    rdsHourly: (region, engine, instanceClass, multiAz) => {
      const hourly = engine === "mysql" || engine === "mariadb" ? priceOf(mysqlPrices(region), instanceClass) : null;
      return hourly === null ? null : hourly * (multiAz ? standalone.multiAzFactor : 1);
    },
    redisHourly(region, nodeType, engine = "redis") {
      const ofRedis = engine === "redis" || engine === "valkey" ? priceOf(regionOf(region)?.redisNodeHour, nodeType) : null;
      return ofRedis === null ? null : ofRedis * (engine === "valkey" ? snapshot.valkeyShareOfRedis : 1);
    },
    dynamoDb(region, tableClass) {
      const prices = regionOf(region)?.dynamoDb;
      if (prices === undefined) return null;
      const isInfrequent = tableClass === "STANDARD_INFREQUENT_ACCESS";
      return {
        writeRequestUnit: (isInfrequent ? prices.infrequentWritePerMillion : prices.writePerMillion) / million,
        readRequestUnit: (isInfrequent ? prices.infrequentReadPerMillion : prices.readPerMillion) / million,
        storageGbMonth: isInfrequent ? prices.infrequentStorageGbMonth : prices.storageGbMonth,
        readCapacityHour: isInfrequent ? prices.infrequentReadCapacityHour : prices.readCapacityHour,
        writeCapacityHour: isInfrequent ? prices.infrequentWriteCapacityHour : prices.writeCapacityHour,
      };
    },
    s3(region) {
      const prices = regionOf(region)?.s3;
      if (prices === undefined) return null;
      return {
        frequentGbMonth: prices.standardOver500TbGbMonth,
        infrequentGbMonth: prices.intInfrequentGbMonth,
        archiveInstantGbMonth: prices.intArchiveInstantGbMonth,
        archiveGbMonth: prices.intArchiveGbMonth,
        deepArchiveGbMonth: prices.intDeepArchiveGbMonth,
        monitoringObjectMonth: prices.intMonitoringPer1000Objects / 1000,
        standardIaGbMonth: prices.standardIaGbMonth,
        standardIaRetrievalGb: prices.iaRetrievalPerGb,
        standardIaGet: prices.iaGetPer1000 / 1000,
        get: prices.getPer1000 / 1000,
      };
    },
    lambda(region, architecture) {
      const regions: Readonly<Record<string, (typeof functions.regions)["us-east-1"]>> = functions.regions;
      const prices = Object.hasOwn(regions, region) ? regions[region] : undefined;
      return prices === undefined ? null : { gbSecond: prices[`${architecture}GbSecond`], ephemeralStorageGbSecond: prices.ephemeralStorageGbSecond };
    },
    fargate(region, architecture) {
      const regions: Readonly<Record<string, (typeof fargate.regions)["us-east-1"]>> = fargate.regions;
      const prices = Object.hasOwn(regions, region) ? regions[region] : undefined;
      if (prices === undefined) return null;
      return { ...prices[architecture], ephemeralStorageGbHour: prices.ephemeralStorageGbHour };
    },
    metricRequest(region) {
      const price = regionOf(region)?.metricPer1000;
      return price === undefined ? null : price / 1_000;
    },
    costExplorerRequest: () => snapshot.costExplorerRequest,
  };
}

function regionOf(region: string): Region | undefined {
  const regions: Readonly<Record<string, Region>> = snapshot.regions;
  return Object.hasOwn(regions, region) ? regions[region] : undefined;
}

function auroraPrices(region: Region | undefined, engine: string): Readonly<Record<string, number>> | undefined {
  if (engine === "aurora-mysql") return region?.auroraMysqlHour;
  if (engine === "aurora-postgresql") return region?.auroraPostgresqlHour;
  return undefined;
}

/** One price for both engines: such a cluster pays no I/O, and more for its instances. */
function ioOptimizedPrices(region: string, engine: string): Readonly<Record<string, number>> | undefined {
  const regions: Readonly<Record<string, Readonly<Record<string, number>>>> = ioOptimized.regions;
  return engine.startsWith("aurora-") && Object.hasOwn(regions, region) ? regions[region] : undefined;
}

function mysqlPrices(region: string): Readonly<Record<string, number>> | undefined {
  const regions: Readonly<Record<string, Readonly<Record<string, number>>>> = standalone.regions;
  return Object.hasOwn(regions, region) ? regions[region] : undefined;
}

function priceOf(prices: Readonly<Record<string, number>> | undefined, type: string): number | null {
  return prices !== undefined && Object.hasOwn(prices, type) ? (prices[type] ?? null) : null;
}
