import type { AccountObserver } from "../../simulation/account/account.ts";
import { createRealClock } from "../adapters/clock/real-clock.ts";
import type { ClientFactory, ClientOptions } from "../adapters/aws/client-factory.ts";
import { createLock } from "../adapters/files/lock-file.ts";
import type { Policy } from "../core/model/policy.ts";
import { unitOf } from "../core/metrics/catalogue.ts";
import type { Clock } from "../ports/clock.ts";
import type { Lock } from "../ports/lock.ts";
import { attachable } from "./attachable.ts";
import type { Readers, SimulationDesk, WorldSettings, Writers } from "./world.ts";

/** The account as commands reach it: readers and writers are made apart, so that what only looks cannot write. */
export interface Aws {
  readonly clock: Clock;
  readonly simulation?: SimulationDesk;
  readers(): Promise<Readers>;
  writers(policy: Policy): Promise<Writers>;
  /** Epoch of the lease this process holds, 0 for none. */
  currentEpoch(): number;
}

/** `warn` tells what takes longer than expected; `observer` sees each call that reaches a simulated account. */
export async function openAws(settings: WorldSettings, warn: (message: string) => void, observer?: AccountObserver): Promise<Aws> {
  const { clock, clientOptions, simulation } = settings.aws === "simulated" ? await simulatedAccount(settings, observer) : realAccount(settings);
  let epoch = 0;
  // One factory for both: readers and writers of it are different clients.
  const clients = async () => (await import("../adapters/aws/client-factory.ts")).createClientFactory(clientOptions);
  return {
    clock,
    ...(simulation === undefined ? {} : { simulation }),
    readers: async () => createReaders(await clients()),
    async writers(policy) {
      const { createChangeWriter } = await import("../adapters/aws/change-writer.ts");
      const lock = createLock(settings.state, { leaseMs: policy.lock.leaseSeconds * 1000, monotonicMs: () => clock.monotonicMs(), onWait: warn });
      return {
        changes: createChangeWriter(await clients()),
        lock: watchedLock(lock, (held) => {
          epoch = held;
        }),
      };
    },
    currentEpoch: () => epoch,
  };
}

interface Account {
  readonly clock: Clock;
  readonly clientOptions: ClientOptions;
  readonly simulation?: SimulationDesk;
}

function realAccount({ profile }: WorldSettings): Account {
  const clock = createRealClock();
  return {
    clock,
    clientOptions: { onServerDate: (serverMs, receivedMs) => clock.learnServerDate(serverMs, receivedMs), ...(profile === undefined ? {} : { profile }) },
  };
}

async function simulatedAccount(settings: WorldSettings, observer: AccountObserver | undefined): Promise<Account> {
  const { openSimulation } = await import("./simulation.ts");
  const { account, desk } = await openSimulation(settings, observer);
  const { createVirtualClock } = await import("../adapters/clock/virtual-clock.ts");
  const { createPacedClock } = await import("../adapters/clock/paced-clock.ts");
  return {
    clock: settings.clock === "virtual" ? createVirtualClock(account) : createPacedClock(account, createRealClock()),
    // Credentials resolve before the account answers: dummies, so that no real ones are ever looked for.
    clientOptions: {
      credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" },
      attach: (client, region) => account.attach(attachable(client), region),
    },
    simulation: desk,
  };
}

async function createReaders(clients: ClientFactory): Promise<Readers> {
  const [inventory, metrics, tags, identity, changes, costs, prices] = await Promise.all([
    import("../adapters/aws/inventory/inventory-reader.ts"),
    import("../adapters/aws/metric-reader.ts"),
    import("../adapters/aws/tag-reader.ts"),
    import("../adapters/aws/identity-reader.ts"),
    import("../adapters/aws/change-reader.ts"),
    import("../adapters/aws/cost-reader.ts"),
    import("../adapters/prices/list-prices.ts"),
  ]);
  return {
    inventory: inventory.createInventoryReader(clients),
    metrics: metrics.createMetricReader(clients, { unitOf }),
    tags: tags.createTagReader(clients),
    identity: identity.createIdentityReader(clients),
    changes: changes.createChangeReader(clients),
    costs: costs.createCostReader(clients),
    prices: prices.createPriceBook(),
  };
}

/** Journal records carry the epoch of the lease under which they were written. */
function watchedLock(lock: Lock, onEpoch: (epoch: number) => void): Lock {
  return {
    async acquire(accountId, regions, holder) {
      const lease = await lock.acquire(accountId, regions, holder);
      onEpoch(lease.epoch);
      return lease;
    },
    forceUnlock: (lockId) => lock.forceUnlock(lockId),
  };
}
