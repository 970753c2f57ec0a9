import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createWebhookPager } from "../../../../optimizer/adapters/pagers/webhook-pager.ts";
import { aPage } from "../../../support/a-page.ts";

const secret = "T0K3N-in-the-path";
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Received {
  readonly url: string;
  readonly body: string;
  readonly type: string | undefined;
}

/** A server of this machine that answers the n-th request by the n-th answer, the last one for ever. */
async function listening(...answers: readonly ((response: ServerResponse) => void)[]) {
  const received: Received[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => void parts.push(part));
    request.on("end", () => {
      received.push({ url: request.url ?? "", body: Buffer.concat(parts).toString(), type: request.headers["content-type"] });
      (answers[received.length - 1] ?? answers.at(-1))?.(response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${secret}` };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end("whatever");

describe("a webhook", () => {
  it("is told by one POST of the message as JSON", async () => {
    const { received, url } = await listening(status(204));
    await createWebhookPager(url, 5_000).send(aPage());
    expect(received.map(({ url: path, body, type }) => [path, JSON.parse(body), type])).toEqual([[`/${secret}`, aPage(), "application/json"]]);
  });

  it.each([500, 502, 503, 429])("that answers %i is asked again, and told when it answers well", async (code) => {
    const { received, url } = await listening(status(code), status(200));
    await createWebhookPager(url, 10_000).send(aPage());
    expect(received.length).toBe(2);
  });

  it("that goes on answering 500 is asked three times and no more, and its path is told nobody", async () => {
    const { received, url } = await listening(status(500));
    const failed = await createWebhookPager(url, 10_000)
      .send(aPage())
      .then(String, (error: Error) => error.message);
    expect(received.length).toBe(3);
    expect(failed).toContain("answers 500");
    expect(failed).not.toContain(secret);
  });

  it("that refuses the message is not asked again", async () => {
    const { received, url } = await listening(status(404));
    await expect(createWebhookPager(url, 5_000).send(aPage())).rejects.toThrow("answers 404");
    expect(received.length).toBe(1);
  });

  it("that redirects is not followed, to wherever", async () => {
    const elsewhere = await listening(status(200));
    const { url } = await listening(status(307, { location: elsewhere.url }));
    await expect(createWebhookPager(url, 5_000).send(aPage())).rejects.toThrow("answers 307, a redirect, which is not followed");
    expect(elsewhere.received).toEqual([]);
  });

  it("that takes the message and never answers is given up after the time-out, and not asked again", async () => {
    const { received, url } = await listening(() => undefined);
    await expect(createWebhookPager(url, 200).send(aPage())).rejects.toThrow("gave no answer in time");
    expect(received.length).toBe(1);
  });

  it("that the HTTP client itself gave up first is told of alike, and asked again", async () => {
    const cause = Object.assign(new Error("Connect Timeout Error"), { code: "UND_ERR_CONNECT_TIMEOUT" });
    const fetching = vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("fetch failed", { cause }));
    try {
      await expect(createWebhookPager("https://pager.example/hook", 60_000).send(aPage())).rejects.toThrow(/ gave no answer in time$/);
      expect(fetching).toHaveBeenCalledTimes(3);
    } finally {
      fetching.mockRestore();
    }
  });

  it("that never answers is given up as soon as the process is stopped, and so is one that never ends its answer", async () => {
    for (const answer of [() => undefined, (response: ServerResponse) => void response.writeHead(500).write("a")]) {
      const stop = new AbortController();
      const { url } = await listening((response) => {
        answer(response);
        stop.abort();
      });
      await expect(createWebhookPager(url, 3_600_000).send(aPage(), stop.signal)).rejects.toThrow("had not answered when this process was stopped");
    }
  });

  it("that nobody listens at is told as such, without its path", async () => {
    const { url } = await listening(status(200));
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    const failed = await createWebhookPager(url, 5_000)
      .send(aPage())
      .then(String, (error: Error) => error.message);
    expect(failed).toContain("could not be reached: ECONNREFUSED");
    expect(failed).not.toContain(secret);
  });
});
