import { changeAdapters } from "../../../optimizer/adapters/aws/change-adapters.ts";
import { createBirthReader } from "../../../optimizer/adapters/aws/birth-reader.ts";
import { createChangeReader } from "../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../optimizer/adapters/aws/change-writer.ts";
import { type ClientFactory, createClientFactory, type Middlewared } from "../../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../../optimizer/adapters/aws/inventory-reader.ts";
import type { Change, ChangeState, Marks } from "../../../optimizer/core/levers/change-kinds.ts";
import type { Deployment } from "../../../optimizer/core/model/deployment.ts";
import type { ChangeReader } from "../../../optimizer/ports/changes.ts";
import type { BirthReader, InventoryReader } from "../../../optimizer/ports/inventory.ts";
import { emptyDeployment } from "../../support/empty-deployment.ts";
import type { LocalAws } from "../local-aws.ts";
import type { WireAccount } from "./trial.ts";

export const region = "us-east-1";
/** What the server takes for each transition, in seconds of its own time, and how far apart the polls are. */
const transitionSeconds = 60;
const pollSeconds = 25;
const mostPolls = 20;

/**
 * The server's time runs ahead of the machine's. SDKs take that for a wrong clock of the machine, and send each call that is refused again
 * and again, as if it had been refused for its signature's time.
 */
function withoutServerTime<Input extends object, Output extends object>({ middlewareStack }: Middlewared<Input, Output>): void {
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      if (typeof response === "object" && response !== null && "headers" in response)
        Object.assign(response, { headers: { ...(response.headers as object), date: undefined } });
      return result;
    },
    { step: "deserialize", name: "withoutServerTime", priority: "low" },
  );
}

/** The optimizer's adapters on the local server. */
export class Wire {
  private readonly aws: LocalAws;
  private readonly clients: ClientFactory;
  /** Commands that the optimizer's writers have sent. */
  readonly written: string[] = [];
  private names = 0;

  private constructor(aws: LocalAws) {
    this.aws = aws;
    this.clients = createClientFactory({
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      permit: { beforeSend: () => Promise.resolve(20_000) },
      attach: (client, _region, permit) => {
        withoutServerTime(client);
        if (permit === undefined) return;
        client.middlewareStack.add(
          (next, context) => (args) => {
            this.written.push(String(context["commandName"]).replace(/Command$/, ""));
            return next(args);
          },
          { step: "initialize" },
        );
      },
    });
  }

  static async open(aws: LocalAws): Promise<Wire> {
    await aws.everyTransitionTakes(transitionSeconds);
    return new Wire(aws);
  }

  account(): WireAccount {
    this.names += 1;
    return {
      region,
      endpoint: this.aws.url,
      clients: this.clients(region),
      name: `tap-wire-${this.names}`,
      settle: () => this.aws.advance(transitionSeconds + 1),
      inventory: async (kind, named) => {
        const { resources, undescribed } = await createInventoryReader(this.clients, { nowMs: () => Date.now() }).describe(emptyDeployment(region, named));
        const found = resources.find((resource) => resource.kind === kind);
        if (found === undefined || undescribed.length > 0) throw new Error(`the inventory misses something: ${JSON.stringify(undescribed)}`);
        const unseen = Object.entries(found).filter(([, value]) => JSON.stringify(value).includes('"kind":"unseen"'));
        if (unseen.length > 0) throw new Error(`the inventory does not see ${JSON.stringify(unseen)} of ${found.ref.id}`);
        return found as Extract<typeof found, { readonly kind: typeof kind }>;
      },
    };
  }

  /** Makes the change by the optimizer's writer. @returns the commands that it sent. */
  async apply(change: Change, marks: Marks = {}): Promise<readonly string[]> {
    const since = this.written.length;
    await createChangeWriter(this.clients).apply(change, `${change.kind} ${JSON.stringify(change.after)}`, marks);
    return this.written.slice(since);
  }

  /** Commands by which the optimizer makes a change of this kind. */
  static callsOf(change: Change): readonly string[] {
    return changeAdapters[change.kind].permissions.calls;
  }

  stateOf(change: Change): Promise<ChangeState> {
    return this.changeReader().stateOf(change);
  }

  changeReader(): ChangeReader {
    return createChangeReader(this.clients);
  }

  birthReader(): BirthReader {
    return createBirthReader(this.clients);
  }

  inventoryOf(deployment: Deployment): ReturnType<InventoryReader["describe"]> {
    return createInventoryReader(this.clients, { nowMs: () => Date.now() }).describe(deployment);
  }

  /** Polls, and lets the server's time go by, until nothing is on its way. */
  async settled(change: Change): Promise<{ readonly state: ChangeState; readonly waited: boolean }> {
    for (let polls = 0; polls < mostPolls; polls += 1) {
      const state = await this.stateOf(change);
      if (state.kind !== "in-progress") return { state, waited: polls > 0 };
      await this.aws.advance(pollSeconds);
    }
    throw new Error(`${change.kind} did not settle in ${mostPolls} polls: ${JSON.stringify(await this.stateOf(change))}`);
  }
}
