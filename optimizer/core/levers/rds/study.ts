import { knownSizes } from "../../sizing/sizes-before.ts";
import type { RuleFacts } from "../../model/rule.ts";
import type { Reading } from "../../sizing/estimate.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import type { Studies, Study } from "../lever.ts";
import { once } from "../../model/once.ts";
import { resourcesOf } from "../resource-kinds.ts";
import { type InstanceDemand, instanceDemand } from "./demand.ts";
import { type RdsInstance, rdsInstanceFacts } from "./instance.ts";
import { instanceKeys } from "./load.ts";

/** An instance outside of clusters: what every rule on it starts from. */
export interface InstanceStudy extends Study {
  readonly facts: RuleFacts;
  readonly instance: RdsInstance;
  readonly reading: Reading;
  /** Why it is not to be touched now, in words: a change of somebody else is under way or waits. */
  readonly unsettled: string | undefined;
  /**
   * Whose work it may have to do besides its own: a replica its source's, once it is promoted; a source that of the replicas in its region,
   * whose readers come to it where they are lost.
   */
  readonly others: readonly RdsInstance[];
  /** One of them that was not read. */
  readonly unknownOther: string | undefined;
  readonly demand: () => InstanceDemand;
}

export const instanceStudies: Studies<"rds-instance", InstanceStudy> = {
  kind: "rds-instance",
  otherSizes: ({ sizesBefore }) => knownSizes(sizesBefore),
  looksCloser: true,
  series: ({ ref }) => instanceKeys(ref),
  study: (facts, instance) => {
    const tenant = tenantReason(rdsInstanceFacts.tags(instance), facts.policy.tenantTags);
    const names = [...(instance.replicaOf === null ? [] : [instance.replicaOf]), ...instance.replicas.filter((replica) => !replica.startsWith("arn:"))];
    const found = names.map((name) => ({ name, other: namedBy(facts, instance, name) }));
    const others = found.flatMap(({ other }) => other ?? []);
    const unknown = found.find(({ other }) => other === undefined);
    return (reading) => ({
      facts,
      instance,
      reading,
      refusal: tenant === undefined ? undefined : { code: "tenant-resource", detail: tenant },
      unsettled: unsettledPart(instance),
      others,
      unknownOther: unknown && `it may have to do the work of ${unknown.name}, which is not among what was read`,
      demand: once(() => instanceDemand(facts, instance, others, reading)),
    });
  },
};

function namedBy({ inventory }: RuleFacts, { ref }: RdsInstance, name: string): RdsInstance | undefined {
  return resourcesOf(inventory, "rds-instance").find((other) => other.arn === name || (other.ref.region === ref.region && other.ref.id === name));
}

function unsettledPart({ ref, status, waiting }: RdsInstance): string | undefined {
  if (status !== "available") return `${ref.id} is ${status}`;
  return waiting.length === 0 ? undefined : `${ref.id} waits with ${waiting.join(", ")}: what is asked for by others is done first`;
}
