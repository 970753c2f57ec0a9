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

/** By the clients of a look: what else their answers answer. */
const noting = new WeakMap<object, (command: object, answer: Promise<unknown>) => void>();

/**
 * Tells a look that an answer it was given answers this question, too, so that it is not asked. Of a client that belongs to no look nothing is
 * kept. The answer to a question that was asked already stands.
 */
export function alsoAnswers(client: object, command: object, answer: object): void {
  noting.get(client)?.(command, Promise.resolve(answer));
}

interface Client {
  send(command: object, ...rest: readonly unknown[]): unknown;
}

function isClient(value: unknown): value is Client {
  return typeof value === "object" && value !== null && "send" in value && typeof value.send === "function";
}

function rememberingAnswers(client: Client, name: string, answers: Map<string, unknown>): Client {
  const keyOf = (command: object): string => `${name}${command.constructor.name} ${JSON.stringify("input" in command ? command.input : null)}`;
  const send = (command: object, ...rest: readonly unknown[]): unknown => {
    const key = keyOf(command);
    if (!answers.has(key)) answers.set(key, client.send(command, ...rest));
    return answers.get(key);
  };
  // What the SDK's paginators look at is still the client's own.
  const remembering = new Proxy(client, { get: (target, property) => (property === "send" ? send : (Reflect.get(target, property, target) as unknown)) });
  noting.set(remembering, (command, answer) => {
    const key = keyOf(command);
    if (!answers.has(key)) answers.set(key, answer);
  });
  return remembering;
}
