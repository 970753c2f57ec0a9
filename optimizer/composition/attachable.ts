import { Fault } from "../errors.ts";
import type { FinalizeRequestMiddleware } from "@smithy/types";
import type { AttachableClient } from "../../simulation/account/attach.ts";
import type { Middlewared } from "../adapters/aws/client-factory.ts";

/** An SDK client as the simulated account takes it. The account answers with the typed output of the command it was asked. */
export function attachable<Input extends object, Output extends object>(client: Middlewared<Input, Output>): AttachableClient {
  return {
    middlewareStack: {
      addRelativeTo(middleware, options) {
        const typed: FinalizeRequestMiddleware<Input, Output> = (_next, context) => {
          const answer = middleware(unreachable, context);
          return async (args) => {
            const { response, output } = await answer({ input: args.input });
            return { response, output: output as Output };
          };
        };
        client.middlewareStack.addRelativeTo(typed, options);
      },
    },
  };
}

/** The account answers every call itself: nothing may go on to the network. */
function unreachable(): Promise<never> {
  return Promise.reject(new Fault("a call went past the simulated account"));
}
