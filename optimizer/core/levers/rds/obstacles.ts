import { seenOr } from "../../model/seen.ts";
import type { Refusal } from "../lever.ts";
import type { RdsInstance } from "./instance.ts";

const statusWords: Readonly<Record<string, string>> = {
  "storage-optimization": ": its storage is slower than usual until it is through, for hours, and so is whatever restarts meanwhile",
};

/** Why its class may not be changed, whatever the load. The first of the reasons. */
export function obstacleOf(instance: RdsInstance): Refusal | undefined {
  const unseen = unseenOf(instance);
  if (unseen !== undefined) return { code: "unreadable", detail: unseen };
  const [detail] = [...ofItself(instance), ...ofOthers(instance)];
  return detail === undefined ? undefined : { code: "unsupported", detail };
}

/** What is said of a proposal, though it stands in no way. */
export function remarksOn({ maintenance, proxies, engineVersion }: RdsInstance): readonly string[] {
  const offered = seenOr(maintenance, []).filter(({ isPlanned }) => !isPlanned);
  const pools = seenOr(proxies, []);
  return [
    ...offered.map(({ action }) => `maintenance is offered, without a date: ${action}`),
    ...pools.map(
      (proxy) => `RDS Proxy ${proxy} pools a share of max_connections, which falls with the class, and is billed by the instance's vCPUs (price unknown)`,
    ),
    ...(engineVersion.startsWith("8.0") || engineVersion.startsWith("5.")
      ? ["RDS Extended Support, where it is charged, is billed by the instance's vCPUs: what falls of it is not counted"]
      : []),
  ];
}

function ofItself({ ref, engine, status, waiting, waitingForRestart, memoryParameters }: RdsInstance): readonly string[] {
  const set = seenOr(memoryParameters, []);
  return [
    // PostgreSQL leaves its pages to the system's cache, which counts as free: no metric tells what it needs.
    ...(engine === "mysql" || engine === "mariadb" ? [] : [`the engine is ${engine}: what it needs of memory no metric tells`]),
    ...(status === "available" ? [] : [`${ref.id} is ${status}${statusWords[status] ?? ""}`]),
    ...[...waiting, ...waitingForRestart].map((what) => `${ref.id} waits with ${what}, which would be done along with ours`),
    ...set.map((each) => `its parameter group sets ${each}: what that is on a smaller class nobody has tried`),
  ];
}

function ofOthers({ maintenance, blueGreenDeployments }: RdsInstance): readonly string[] {
  const planned = seenOr(maintenance, []).filter(({ isPlanned }) => isPlanned);
  const deployments = seenOr(blueGreenDeployments, []);
  return [
    ...planned.map(({ action }) => `maintenance is planned: ${action}`),
    ...deployments.map((name) => `the instance is part of blue/green deployment ${name}`),
  ];
}

function unseenOf({ memoryParameters, orderableClasses, maintenance, blueGreenDeployments, proxies }: RdsInstance): string | undefined {
  const reads = [
    ["its parameters", memoryParameters],
    ["the classes that AWS offers", orderableClasses],
    ["pending maintenance", maintenance],
    ["blue/green deployments", blueGreenDeployments],
    ["RDS proxies", proxies],
  ] as const;
  const unseen = reads.flatMap(([what, read]) => (read.kind === "unseen" ? [`${what} could not be seen (${read.reason})`] : []));
  return unseen.length === 0 ? undefined : unseen.join("; ");
}
