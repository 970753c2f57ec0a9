import { canonicalJson } from "../../../contract/canonical-json.ts";
import type { Look } from "../../ports/look.ts";
import type { ClientFactory, RegionClients } from "./client-factory.ts";

const looks = new WeakMap<Look, WeakMap<ClientFactory, ClientFactory>>();

/** The clients of one look, for whichever reader takes part in it; without one, of a look of its own. What a look was answered ends with it. */
export function clientsOfLook(clients: ClientFactory, look: Look | undefined): ClientFactory {
  if (look === undefined) return everywhereOnce(clients);
  const byFactory = looks.get(look) ?? new WeakMap<ClientFactory, ClientFactory>();
  looks.set(look, byFactory);
  const known = byFactory.get(clients) ?? everywhereOnce(clients);
  byFactory.set(clients, known);
  return known;
}

function everywhereOnce(clients: ClientFactory): ClientFactory {
  const once = new Map<string, RegionClients>();
  return (region) => {
    const known = once.get(region) ?? askingOnce(clients(region));
    once.set(region, known);
    return known;
  };
}

/**
 * The same readers, each of which sends an equal request once and gives its answer again: one look at many changes of a resource costs few
 * calls, and all of it is seen at one moment. For one look only; nothing is forgotten.
 */
function askingOnce(clients: RegionClients): RegionClients {
  const answers = new Map<string, unknown>();
  return new Proxy(clients, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      return name !== "writers" && isClient(value) ? rememberingAnswers(value, `${String(name)} `, answers) : value;
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
    const key = `${name}${command.constructor.name} ${canonicalJson("input" in command ? command.input : null)}`;
    if (!answers.has(key)) answers.set(key, client.send(command, ...rest));
    return answers.get(key);
  };
  // What the SDK's paginators look at is still the client's own.
  return new Proxy(client, { get: (target, property) => (property === "send" ? send : (Reflect.get(target, property, target) as unknown)) });
}
