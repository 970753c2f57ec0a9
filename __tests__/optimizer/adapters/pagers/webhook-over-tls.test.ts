import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createPlainServer, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, createServer as createMuteServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { createWebhookPager } from "../../../../optimizer/adapters/pagers/webhook-pager.ts";
import { aPage } from "../../../support/a-page.ts";
import { ended } from "../../../support/optimizer-process.ts";
import { selfMadeCertificate } from "../../../support/self-made-certificate.ts";

const pagingScript = fileURLToPath(new URL("../../../support/page-by-webhook.ts", import.meta.url));
const secret = "T0K3N-in-the-path";
const dayMs = 86_400_000;
const servers = new Map<Server, Set<Socket>>();

afterEach(() => {
  for (const [server, sockets] of servers) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
  servers.clear();
});

/** Listens on this machine; how many connections came. */
async function listening(server: Server) {
  const sockets = new Set<Socket>();
  servers.set(server, sockets);
  server.on("connection", (socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return { url: `https://localhost:${(server.address() as AddressInfo).port}/${secret}`, connections: () => sockets.size };
}

type Answer = (response: ServerResponse) => void;

/** A real server with a certificate of its own that answers each request alike. */
async function secured(answer: Answer, { dnsName = "localhost", validUntilMs = Date.now() + dayMs } = {}) {
  const { key, cert } = selfMadeCertificate(dnsName, validUntilMs);
  const bodies: string[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      bodies.push(body);
      answer(response);
    });
  });
  return { ...(await listening(server)), cert, bodies };
}

/** What a process says that trusts this certificate, where one is given, besides those that all trust. */
async function said(url: string, timeoutMs: number, trusted: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "webhook-over-tls-"));
  try {
    const file = join(folder, "trusted.pem");
    await writeFile(file, trusted);
    const child = spawn(process.execPath, ["--import", "tsx", pagingScript, url, String(timeoutMs)], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: file },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { out, err, code } = await ended(child);
    expect({ err, code }).toEqual({ err: "", code: 0 });
    return out.trim();
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Why a pager of this process, which trusts no certificate made here, could not tell. */
async function refused(url: string): Promise<string> {
  return createWebhookPager(url, 20_000)
    .send(aPage())
    .then(
      () => "told",
      (error: Error) => error.message,
    );
}

const answers =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, headers).end("whatever");

describe("a webhook over TLS whose certificate is trusted", () => {
  it("is told by one POST of the message", async () => {
    const { url, cert, bodies } = await secured(answers(204));
    expect(await said(url, 20_000, cert)).toBe("told");
    expect(bodies.map((body) => JSON.parse(body) as unknown)).toEqual([aPage()]);
  });

  it("is told when it answers well, however long the rest of its answer takes", async () => {
    const { url, cert, bodies } = await secured((response) => void response.writeHead(200, { "content-length": "100000" }).write("a little"));
    expect(await said(url, 20_000, cert)).toBe("told");
    expect(bodies).toHaveLength(1);
  });

  it("is told once when its connection breaks after it answered well", async () => {
    const { url, cert, bodies } = await secured((response) => {
      response.writeHead(200, { "content-length": "100000" }).write("a little", () => response.destroy());
    });
    expect(await said(url, 20_000, cert)).toBe("told");
    expect(bodies).toHaveLength(1);
  });

  it.each([
    [308, 1, "answers 308, a redirect, which is not followed"],
    [403, 1, "answers 403"],
    [503, 3, "answers 503"],
  ])("that answers %i is asked %i times, and its path is told nobody", async (status, times, words) => {
    const { url, cert, bodies } = await secured(answers(status, { location: "https://elsewhere.example/" }));
    const told = await said(url, 20_000, cert);
    expect(told).toContain(words);
    expect(told).not.toContain(secret);
    expect(bodies).toHaveLength(times);
  });

  it("that takes the message and does not answer is given up after the time-out, and not asked again", async () => {
    const { url, cert, bodies } = await secured(() => undefined);
    expect(await said(url, 1_500, cert)).toContain("gave no answer in time");
    expect(bodies).toHaveLength(1);
  });
});

describe("a webhook over TLS that cannot be trusted", () => {
  it.each([
    ["signed by itself", {}, "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["signed by itself and another host's", { dnsName: "elsewhere.example" }, "DEPTH_ZERO_SELF_SIGNED_CERT"],
  ])("since its certificate is %s gets no message, is not asked again, and is told with what to do", async (_, made, code) => {
    const { url, bodies, connections } = await secured(answers(204), made);
    const told = await refused(url);
    expect(told).toContain(`certificate is not trusted (${code})`);
    expect(told).toContain("NODE_EXTRA_CA_CERTS");
    expect(told).not.toContain(secret);
    expect({ bodies, connections: connections() }).toEqual({ bodies: [], connections: 1 });
  });

  it.each([
    ["is of another host", { dnsName: "elsewhere.example" }, "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["has expired", { validUntilMs: Date.now() - dayMs }, "CERT_HAS_EXPIRED"],
  ])("since its certificate %s gets no message though its maker is trusted, and is not asked again", async (_, made, code) => {
    const { url, cert, bodies, connections } = await secured(answers(204), made);
    const told = await said(url, 20_000, cert);
    expect(told).toContain(`certificate is not trusted (${code})`);
    expect({ bodies, connections: connections() }).toEqual({ bodies: [], connections: 1 });
  });

  it("since nothing there speaks TLS is not asked again", async () => {
    const { url, connections } = await listening(createPlainServer((_, response) => void response.end()));
    expect(await refused(url)).toContain("speaks no TLS");
    expect(connections()).toBe(1);
  });

  it("that takes the connection and never begins to speak is given up after the time-out", async () => {
    const { url } = await listening(createMuteServer((socket) => void socket.on("error", () => undefined).resume()));
    await expect(createWebhookPager(url, 300).send(aPage())).rejects.toThrow("gave no answer in time");
  });
});
