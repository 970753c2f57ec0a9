import type { AccountObserver } from "../../simulation/account/account.ts";
import { monotonicMs } from "../adapters/clock/monotonic.ts";
import { createRealClock } from "../adapters/clock/real-clock.ts";
import type { ClientFactory, ClientOptions } from "../adapters/aws/client-factory.ts";
import { createMutationPermit } from "../adapters/aws/mutation-permit.ts";
import { createLock } from "../adapters/files/lock-file.ts";
import type { Policy } from "../core/model/policy.ts";
import { unitOf } from "../core/metrics/catalogue.ts";
import type { CallWatch } from "../ports/calls.ts";
import type { Clock } from "../ports/clock.ts";
import type { Lease, Lock } from "../ports/lock.ts";
import type { Pager } from "../ports/pager.ts";
import { Fault } from "../errors.ts";
import { attachable } from "./attachable.ts";
import type { Readers, SimulationDesk, WorldSettings, Writers } from "./world.ts";
import { environmentVariable } from "../environment.ts";

/** The account as commands reach it: readers and writers are made apart, so that what only looks cannot write. */
export interface Aws {
  readonly clock: Clock;
  readonly simulation?: SimulationDesk;
  /** With a signal they stop asking when it is raised. */
  readers(signal?: AbortSignal, watch?: CallWatch): Promise<Readers>;
  writers(policy: Policy): Promise<Writers>;
  snsPager(topicArn: string, timeoutMs: number): Promise<Pager>;
  /** Epoch of the lease this process holds, 0 for none. */
  currentEpoch(): number;
}

/** `warn` tells what takes longer than expected; `observer` sees each call that reaches a simulated account. */
export async function openAws(settings: WorldSettings, warn: (message: string) => void, observer?: AccountObserver): Promise<Aws> {
  if (settings.account === "none") return noAccount();
  let lease: Lease | undefined;
  const permit = createMutationPermit({ lease: () => lease, monotonicMs });
  const { clock, clientOptions, simulation } =
    settings.aws === "simulated" ? await simulatedAccount(settings, () => permit.assertNow(), observer) : realAccount(settings, warn);
  // One factory for both: readers and writers of it are different clients.
  const clients = async (signal?: AbortSignal, watch?: CallWatch) =>
    (await import("../adapters/aws/client-factory.ts")).createClientFactory({
      ...clientOptions,
      permit,
      ...(signal === undefined ? {} : { signal }),
      ...(watch === undefined ? {} : { watch }),
    });
  return {
    clock,
    ...(simulation === undefined ? {} : { simulation }),
    readers: async (signal, watch) => createReaders(await clients(signal, watch), clock),
    async writers(policy) {
      const { createChangeWriter } = await import("../adapters/aws/change-writer.ts");
      const lock = createLock(settings.state, {
        leaseMs: policy.lock.leaseSeconds * 1000,
        monotonicMs: () => clock.monotonicMs(),
        onWait: warn,
        isAccountInFolder: settings.aws === "simulated",
      });
      return {
        changes: createChangeWriter(await clients(), permit),
        lock: watchedLock(lock, (held) => {
          lease = held;
        }),
      };
    },
    async snsPager(topicArn, timeoutMs) {
      const { createSnsPager } = await import("../adapters/aws/sns-pager.ts");
      return createSnsPager(await clients(), topicArn, timeoutMs);
    },
    currentEpoch: () => lease?.epoch ?? 0,
  };
}

function noAccount(): Aws {
  const refuse = (): Promise<never> => Promise.reject(new Fault("a command that only looks into the state folder asked for an account"));
  return { clock: createRealClock(), readers: refuse, writers: refuse, snsPager: refuse, currentEpoch: () => 0 };
}

interface Account {
  readonly clock: Clock;
  readonly clientOptions: ClientOptions;
  readonly simulation?: SimulationDesk;
}

/** Any region answers what time it is. */
const timeRegion = environmentVariable("AWS_REGION") ?? "us-east-1";

function realAccount({ profile }: WorldSettings, warn: (message: string) => void): Account {
  const clock = createRealClock(undefined, askTheTime);
  const clientOptions: ClientOptions = {
    onServerDate: (serverMs) => clock.learnServerDate(serverMs),
    ...(profile === undefined ? {} : { profile }),
  };
  /** The answer's Date header is what is wanted. Without an answer the clock goes on as it did, and the next call of the run tells. */
  async function askTheTime(): Promise<void> {
    try {
      const [{ createClientFactory }, { createIdentityReader }] = await Promise.all([
        import("../adapters/aws/client-factory.ts"),
        import("../adapters/aws/identity-reader.ts"),
      ]);
      await createIdentityReader(createClientFactory(clientOptions)).whoAmI(timeRegion);
    } catch (error) {
      warn(`the local clock was set or this machine slept, and AWS could not be asked for the time: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { clock, clientOptions };
}

async function simulatedAccount(settings: WorldSettings, beforeChange: () => void, observer: AccountObserver | undefined): Promise<Account> {
  const { openSimulation } = await import("./simulation.ts");
  const { account, desk } = await openSimulation(settings, observer, beforeChange);
  const { createVirtualClock } = await import("../adapters/clock/virtual-clock.ts");
  const { createPacedClock } = await import("../adapters/clock/paced-clock.ts");
  return {
    clock: settings.clock === "virtual" ? createVirtualClock(account) : createPacedClock(account, createRealClock()),
    // Credentials resolve before the account answers: dummies, so that no real ones are ever looked for.
    clientOptions: {
      credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" },
      unsent: true,
      attach: (client, region, permit) => account.attach(attachable(client, permit), region),
    },
    simulation: desk,
  };
}

async function createReaders(clients: ClientFactory, clock: Clock): Promise<Readers> {
  const [inventory, metrics, tags, births, resources, identity, credentials, changes, costs, commitments, prices] = await Promise.all([
    import("../adapters/aws/inventory-reader.ts"),
    import("../adapters/aws/metric-reader.ts"),
    import("../adapters/aws/tag-reader.ts"),
    import("../adapters/aws/birth-reader.ts"),
    import("../adapters/aws/resource-reader.ts"),
    import("../adapters/aws/identity-reader.ts"),
    import("../adapters/aws/credentials-reader.ts"),
    import("../adapters/aws/change-reader.ts"),
    import("../adapters/aws/cost-reader.ts"),
    import("../adapters/aws/commitment-reader.ts"),
    import("../adapters/prices/list-prices.ts"),
  ]);
  return {
    inventory: inventory.createInventoryReader(clients, clock),
    metrics: metrics.createMetricReader(clients, { unitOf }),
    tags: tags.createTagReader(clients),
    births: births.createBirthReader(clients),
    resources: resources.createResourceReader(clients, clock),
    identity: identity.createIdentityReader(clients),
    credentials: credentials.createCredentialsReader(clients),
    changes: changes.createChangeReader(clients),
    costs: costs.createCostReader(clients),
    commitments: commitments.createCommitmentReader(clients),
    prices: prices.createPriceBook(),
  };
}

/** Journal records carry the epoch of the lease under which they were written, and no change is sent without it. */
function watchedLock(lock: Lock, onLease: (lease: Lease) => void): Lock {
  return {
    async acquire(accountId, regions, holder) {
      const lease = await lock.acquire(accountId, regions, holder);
      onLease(lease);
      return lease;
    },
    forceUnlock: (lockId) => lock.forceUnlock(lockId),
  };
}
