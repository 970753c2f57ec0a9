import { z } from "zod";
import { Demand } from "../../scenario/scenario.ts";

const amount = z.number().nonnegative();
const share = z.number().min(0).max(1);

const names = z.array(z.string().min(1)).default([]);

/** What other teams have put around the databases of a region. */
const aroundSchema = z.strictObject({
  maintenance: z
    .array(
      z.strictObject({
        on: z.enum(["cluster", "instances"]),
        action: z.string().min(1),
        afterHours: z.number().nullable().default(null).describe("Hours after the start at which AWS applies it by itself; null: merely offered."),
      }),
    )
    .default([]),
  customEndpoints: names,
  blueGreenDeployments: names,
  proxies: names,
  clusterParameters: z.record(z.string().min(1), z.string()).optional().describe("Set by hand in the parameter group of each cluster, e.g. max_connections."),
  awsBackup: z.boolean().optional().describe("AWS Backup owns the automated backups of each cluster and instance."),
});

/** What one request asks of the Aurora cluster behind the application. */
const databaseSchema = z.strictObject({
  writesPerRequest: share.default(0.2).describe("Share of requests that make one write statement."),
  readsPerRequest: share.default(0.8).describe("Share of requests that make one read statement."),
  writeVcpuSeconds: amount.describe("vCPU-seconds of a write statement on the writer."),
  readVcpuSeconds: amount.describe("vCPU-seconds of a read statement on a reader."),
  backgroundVcpu: amount.default(0.2).describe("vCPU each member spends without any statement."),
  connectionsPerInstance: amount.default(20).describe("Connections each application instance holds to the writer, and as many to the readers together."),
  workingSetGib: amount.default(16).describe("Pages that must be in memory for reads to hit."),
  volumeGib: amount.default(64).describe("Size of the cluster's volume."),
  // No default here: it would be a value of every scenario, and state folders of before would belong to another one.
  temporaryGib: amount.optional().describe("Local storage that temporary files take on each member, 8 if not said."),
  pageReadsPerStatement: amount.default(10),
  replicaLagMilliseconds: amount.default(15).describe("Replica lag of an idle reader; it grows with its CPU."),
  around: aroundSchema.optional().describe("Pending maintenance, custom endpoints, blue/green deployments and proxies of each cluster."),
  reconnectSeconds: z.number().min(0).default(5).describe("How long clients keep asking a reader that went away."),
});

export type Database = z.infer<typeof databaseSchema>;

export const database = new Demand("database", databaseSchema.optional().describe("Aurora clusters behind the application."));
