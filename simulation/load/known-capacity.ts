import { capacities, type Ec2Capacity, type RdsCapacity, type RedisCapacity } from "../../contract/capacities.ts";
import { NotSimulated } from "../account/not-simulated.ts";

/** What an instance type can do; a type the snapshot does not know is refused, never guessed. */
export function ec2Capacity(instanceType: string): Ec2Capacity {
  return known(capacities.ec2(instanceType), instanceType);
}

export function rdsCapacity(instanceClass: string): RdsCapacity {
  return known(capacities.rds(instanceClass), instanceClass);
}

export function redisCapacity(nodeType: string): RedisCapacity {
  return known(capacities.redis(nodeType), nodeType);
}

function known<T>(capacity: T | undefined, type: string): T {
  if (capacity === undefined) throw new NotSimulated(`load on ${type}, whose capacity is not in contract/capacities.json`);
  return capacity;
}

/** Speed of a vCPU of the type: 1 unless the scenario names its family. */
export function vcpuSpeed(familySpeed: Readonly<Record<string, number>>, type: string): number {
  return familySpeed[type.slice(0, type.lastIndexOf("."))] ?? 1;
}

/** Standard deviation of utilization from sample to sample and member to member, as a share of its mean. */
export const sampleSpread = 0.03;
