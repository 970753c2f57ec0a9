import { Fault } from "../errors.ts";
import type { FinalizeRequestMiddleware } from "@smithy/types";
import type { AttachableClient } from "../../simulation/account/attach.ts";
import { monotonicMs } from "../adapters/clock/monotonic.ts";
import type { Middlewared, SendPermit } from "../adapters/aws/client-factory.ts";

/** The event loop gets a turn this often, for signals: simulated calls take processor time and never wait. */
const longestTurnMs = 50;
let turnEndedMs = 0;

/**
 * An SDK client as the simulated account takes it. The account answers with the typed output of the command it was asked; of a client that
 * changes something it is asked only with a permit, as a request over the network is sent.
 */
export function attachable<Input extends object, Output extends object>(client: Middlewared<Input, Output>, permit?: SendPermit): AttachableClient {
  return {
    middlewareStack: {
      addRelativeTo(middleware, options) {
        const typed: FinalizeRequestMiddleware<Input, Output> = (_next, context) => {
          const answer = middleware(unreachable, context);
          return async (args) => {
            if (monotonicMs() - turnEndedMs > longestTurnMs) await stage();
            await permit?.beforeSend();
            const { response, output } = await answer({ input: args.input });
            return { response, output: output as Output };
          };
        };
        client.middlewareStack.addRelativeTo(typed, options);
        // The SDK signs each request and says in a header who sends it. The simulated account needs neither, and they took a tenth of a simulated run.
        client.middlewareStack.remove("getUserAgentMiddleware");
        client.middlewareStack.remove("httpAuthSchemeMiddleware");
      },
    },
  };
}

async function stage(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  turnEndedMs = monotonicMs();
}

/** The account answers every call itself: nothing may go on to the network. */
function unreachable(): Promise<never> {
  return Promise.reject(new Fault("a call went past the simulated account"));
}
