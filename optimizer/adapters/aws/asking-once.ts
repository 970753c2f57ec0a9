import { oncePer, oncePerValue } from "../../core/model/once.ts";
import type { Look } from "../../ports/look.ts";
import type { ClientFactory, RegionClients } from "./client-factory.ts";

/** By look, and then by the clients of an account. */
const looks = oncePer((_look: Look) => oncePer(everywhereOnce));

/** The clients of one look, for whichever reader takes part in it; without one, of a look of its own. What a look was answered ends with it. */
export function clientsOfLook(clients: ClientFactory, look: Look | undefined): ClientFactory {
  return look === undefined ? everywhereOnce(clients) : looks(look)(clients);
}

function everywhereOnce(clients: ClientFactory): ClientFactory {
  return oncePerValue((region: string) => askingOnce(clients(region)));
}

/**
 * The same readers, each of which sends an equal request once and gives its answer again: one look at many changes of a resource costs few
 * calls, and all of it is seen at one moment. For one look only; nothing is forgotten.
 */
function askingOnce(clients: RegionClients): RegionClients {
  const answers = new Map<string, unknown>();
  const remembering = new Map<string | symbol, unknown>();
  return new Proxy(clients, {
    get(target, name) {
      if (remembering.has(name)) return remembering.get(name);
      const value: unknown = Reflect.get(target, name, target);
      const own = name !== "writers" && isClient(value) ? rememberingAnswers(value, `${String(name)} `, answers) : value;
      remembering.set(name, own);
      return own;
    },
  });
}

interface Client {
  send(command: object, ...rest: readonly unknown[]): unknown;
}

function isClient(value: unknown): value is Client {
  return typeof value === "object" && value !== null && "send" in value && typeof value.send === "function";
}

function rememberingAnswers(client: Client, name: string, answers: Map<string, unknown>): Client {
  const send = (command: object, ...rest: readonly unknown[]): unknown => {
    const key = `${name}${command.constructor.name} ${JSON.stringify("input" in command ? command.input : null)}`;
    if (!answers.has(key)) answers.set(key, client.send(command, ...rest));
    return answers.get(key);
  };
  // What the SDK's paginators look at is still the client's own.
  return new Proxy(client, { get: (target, property) => (property === "send" ? send : (Reflect.get(target, property, target) as unknown)) });
}
