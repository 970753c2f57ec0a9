import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../../../contract/user-error.ts";
import { ChangeRejected, Fault } from "../../errors.ts";
import type { Lease } from "../../ports/lock.ts";

/** What lets a request that changes AWS go out. */
export interface MutationPermit {
  /** Runs one mutating call, which has to be prepared and signed in time: one that is not is given up, and is never sent later. */
  within<T>(send: () => Promise<T>): Promise<T>;
  /**
   * Asked when a request is complete and about to be written to the network. Rejects when it may not be; resolves to the milliseconds
   * after which it must be broken off, well before anybody else can hold the lease.
   */
  beforeSend(): Promise<number>;
  /** The last look, without giving up the processor: throws when the lease ran out since. */
  assertNow(): void;
}

export interface PermitOptions {
  /** The lease that this process holds now. */
  readonly lease: () => Lease | undefined;
  readonly monotonicMs: () => number;
}

/** Credentials may come from a program or a sign-in; a request that waits longer for them was not sent, and is tried again. */
const longestPreparationMs = 30_000;
/** Share of what is left of the lease that a request may take. */
const shareOfLease = 0.8;
/** As the SDK's own time-out (client-factory.ts). */
const longestRequestMs = 20_000;

interface Sending {
  readonly beganMs: number;
  sent: boolean;
  givenUp: boolean;
}

export function createMutationPermit({ lease, monotonicMs }: PermitOptions, preparationMs = longestPreparationMs): MutationPermit {
  const sendings = new AsyncLocalStorage<Sending>();
  /** Calls that may still go out, those given up included. */
  let unsettled = 0;

  /** While a storage is in use, Node 20 follows every promise of the process, which took a third of a simulated run: it is, only during a call. */
  async function followed<T>(sending: Sending, send: () => Promise<T>): Promise<T> {
    unsettled += 1;
    try {
      return await sendings.run(sending, async () => send());
    } finally {
      unsettled -= 1;
      if (unsettled === 0) sendings.disable();
    }
  }

  function held(): Lease {
    const current = lease();
    if (current === undefined) throw new Fault("a call that changes AWS was made without a lease");
    return current;
  }

  /** A call that was given up must not go out after all. */
  function refuseLate(): void {
    const sending = sendings.getStore();
    if (sending !== undefined && (sending.givenUp || monotonicMs() - sending.beganMs > preparationMs)) throw tooSlow(preparationMs);
  }

  function markSent(): void {
    const sending = sendings.getStore();
    if (sending !== undefined) sending.sent = true;
  }

  return {
    async within(send) {
      const sending: Sending = { beganMs: monotonicMs(), sent: false, givenUp: false };
      const stop = new AbortController();
      const slow = async (): Promise<never> => {
        await pause(preparationMs, undefined, { signal: stop.signal });
        // What was sent has a time-out of its own.
        if (sending.sent) return new Promise<never>(() => undefined);
        sending.givenUp = true;
        throw tooSlow(preparationMs);
      };
      try {
        return await Promise.race([followed(sending, send), slow()]);
      } finally {
        stop.abort();
      }
    },
    async beforeSend() {
      refuseLate();
      await held().assertHeld();
      refuseLate();
      if (held().remainingMs() <= 0) throw expired();
      markSent();
      return Math.min(longestRequestMs, held().remainingMs() * shareOfLease);
    },
    assertNow() {
      if (held().remainingMs() <= 0) throw expired();
    },
  };
}

function expired(): UserError {
  return new UserError({
    code: "lock-lost",
    message: "the lease ran out before a change could be sent; nothing was sent",
    hint: "This process was held up for longer than its lease. `optimizer status` shows who carries the run on; `optimizer resume RUN` goes on.",
  });
}

function tooSlow(preparationMs: number): ChangeRejected {
  return new ChangeRejected("throttled", "PreparationTooSlow", `the request was not signed within ${preparationMs / 1000} s and was not sent`);
}
