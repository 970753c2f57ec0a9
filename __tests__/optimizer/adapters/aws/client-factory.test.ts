import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createClientFactory } from "../../../../optimizer/adapters/aws/client-factory.ts";
import { createIdentityReader } from "../../../../optimizer/adapters/aws/identity-reader.ts";

const credentials = { accessKeyId: "x", secretAccessKey: "x" };
let server: Server | undefined;

afterEach(() => {
  vi.unstubAllEnvs();
  server?.close();
  server = undefined;
});

async function awsAt(status: number, body: string, date?: string): Promise<{ readonly userAgents: string[] }> {
  const userAgents: string[] = [];
  server = createServer((request, response) => {
    userAgents.push(request.headers["user-agent"] ?? "");
    response.writeHead(status, { "content-type": "text/xml", ...(date === undefined ? {} : { date }) }).end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return { userAgents };
}

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/me</Arn><UserId>u</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
const refusal = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>expired</Message></Error></ErrorResponse>`;

describe("clients", () => {
  it("are kept by region, and writers are other clients than readers", () => {
    const clients = createClientFactory({ credentials });
    expect(clients("us-east-1")).toBe(clients("us-east-1"));
    expect(clients("us-east-1").rds).toBe(clients("us-east-1").rds);
    expect(clients("us-east-1").rds).not.toBe(clients("us-west-2").rds);
    expect(clients("us-east-1").writers.rds).not.toBe(clients("us-east-1").rds);
  });

  it("follow one signal with many requests in flight: Node sees no leak, and all of them are broken off", async () => {
    const stop = new AbortController();
    const warnings: string[] = [];
    const onWarning = ({ name }: Error): number => warnings.push(name);
    process.on("warning", onWarning);
    let asked = 0;
    // Never answers.
    server = createServer(() => {
      asked += 1;
      if (asked === 20) stop.abort();
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const clients = createClientFactory({ credentials, signal: stop.signal });
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => clients("us-east-1").sts.send(new GetCallerIdentityCommand({}))));
    process.off("warning", onWarning);
    server.closeAllConnections();
    expect(answers.map((answer) => answer.status === "rejected" && answer.reason.name)).toEqual(Array.from({ length: 20 }, () => "AbortError"));
    expect(warnings).toEqual([]);
  });

  it("send mutations once, and reads again after failures", async () => {
    const { rds, writers, costExplorer } = createClientFactory({ credentials })("eu-west-1");
    expect(await Promise.all([writers.rds.config.maxAttempts(), rds.config.maxAttempts()])).toEqual([1, 8]);
    expect(await Promise.all([rds.config.region(), costExplorer.config.region()])).toEqual(["eu-west-1", "us-east-1"]);
  });

  it("are handed to attach when first used, with their region", () => {
    const attached: string[] = [];
    const clients = createClientFactory({ credentials, attach: (_, region) => void attached.push(region) })("eu-west-1");
    expect(attached).toEqual([]);
    expect([clients.ec2, clients.ec2, clients.costExplorer]).toHaveLength(3);
    expect(attached).toEqual(["eu-west-1", "us-east-1"]);
  });

  it("tell the Date header of answers and name themselves, at the endpoint of the environment", async () => {
    const { userAgents } = await awsAt(200, identity, "Mon, 05 Jan 2026 08:00:00 GMT");
    const dates: number[] = [];
    const clients = createClientFactory({ credentials, onServerDate: (serverMs) => void dates.push(serverMs) });
    expect(await createIdentityReader(clients).whoAmI("us-east-1")).toEqual({ accountId: "123456789012", arn: "arn:aws:iam::123456789012:user/me" });
    expect(dates).toEqual([Date.UTC(2026, 0, 5, 8)]);
    expect(userAgents[0]).toContain("tap-optimizer");
  });

  it("send what AWS denies once more where the local clock is off, and not as often as a failure", async () => {
    const denied = refusal.replace("ExpiredToken", "AccessDenied").replace("expired", "not you");
    const { userAgents } = await awsAt(403, denied, new Date(Date.now() - 10 * 60_000).toUTCString());
    await expect(createClientFactory({ credentials })("us-east-1").sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: expect.stringMatching(/^AccessDenied/),
    });
    expect(userAgents).toHaveLength(2);
  });

  it("turn AWS's own answer about an expired token into lost credentials", async () => {
    await awsAt(403, refusal);
    const clients = createClientFactory({ credentials });
    await expect(createIdentityReader(clients).whoAmI("us-east-1")).rejects.toMatchObject({ code: "credentials-lost" });
    await expect(clients("us-east-1").sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: expect.stringMatching(/^ExpiredToken/) });
  });
});
