import { createServer, request as requestOf, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** In front of an AWS server: a region that is lost answers nothing, as the signature of each call names its region. */
export class LosableRegion {
  readonly url: string;
  /** Calls to the lost region, by service. */
  readonly unanswered: string[] = [];
  private lost: string | undefined;
  private readonly server: Server;

  private constructor(server: Server, port: number) {
    this.server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  static start(awsUrl: string): Promise<LosableRegion> {
    return new Promise((resolve, reject) => {
      let between: LosableRegion | undefined;
      const server = createServer((request, response) => between?.handle(awsUrl, request, response));
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        if (address === null || typeof address === "string") return reject(new Error("no port"));
        between = new LosableRegion(server, address.port);
        resolve(between);
      });
    });
  }

  lose(region: string): void {
    this.lost = region;
  }

  restore(): void {
    this.lost = undefined;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private handle(awsUrl: string, request: IncomingMessage, response: ServerResponse): void {
    const { region, service } = /Credential=[^/]+\/\d+\/(?<region>[^/]+)\/(?<service>[^/]+)\//.exec(request.headers.authorization ?? "")?.groups ?? {};
    if (this.lost !== undefined && region === this.lost) {
      this.unanswered.push(service ?? "unknown");
      request.socket.destroy();
      return;
    }
    const forwarded = requestOf(new URL(request.url ?? "/", awsUrl), { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on("error", () => request.socket.destroy());
    request.pipe(forwarded);
  }
}
