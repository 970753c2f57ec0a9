import type { FinalizeRequestMiddleware } from "@smithy/types";
import type { Middlewared, SendPermit } from "../../optimizer/adapters/aws/client-factory.ts";
import type { AttachableClient } from "../../simulation/account/attach.ts";

/** What happens around each call that reaches the account: the permit is asked for first, and may take its time; the call itself happens at once. */
export type AroundCall = <T>(permitted: () => Promise<unknown>, call: () => Promise<T>) => Promise<T>;

/** As composition/attachable.ts, without its turns of the event loop: those come by real time, and nothing here may depend on that. */
export function attachSimply<Input extends object, Output extends object>(
  client: Middlewared<Input, Output>,
  permit?: SendPermit,
  around: AroundCall = async (permitted, call) => {
    await permitted();
    return call();
  },
): AttachableClient {
  return {
    middlewareStack: {
      addRelativeTo(middleware, options) {
        const typed: FinalizeRequestMiddleware<Input, Output> = (_next, context) => {
          const answer = middleware(() => Promise.reject(new Error("a call went past the simulated account")), context);
          return async (args) => {
            const { response, output } = await around(
              async () => permit?.beforeSend(),
              () => answer({ input: args.input }),
            );
            return { response, output: output as Output };
          };
        };
        client.middlewareStack.addRelativeTo(typed, options);
      },
    },
  };
}
