import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { MCPTimeoutError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { redirectPage } from "./redirect-page.ts";
import { signInFailed } from "./sign-in-error.ts";

const host = "127.0.0.1";
const path = "/callback";

export type LoopbackRedirectOptions = {
  clock: Clock;
  /** What the browser must bring back. */
  state: string;
  /** Where to listen; 0 for any port that is free. */
  port: number;
  /** Whether another port will do where that one is taken. */
  isPortFirm: boolean;
  timeoutMs: number;
};

/**
 * Where the browser comes back to after a sign-in (RFC 8252, 7.3): a server on 127.0.0.1 that hears one answer, at one path, with one
 * state, and is gone. Whatever else comes is turned away and ends nothing.
 */
export class LoopbackRedirect {
  readonly uri: string;
  /** The parameters that the browser brought; rejects when time is up, or with the reason of `close`. */
  readonly answer: Promise<URLSearchParams>;
  #server: Server;
  #state: string;
  #settle!: { resolve: (answer: URLSearchParams) => void; reject: (reason: Error) => void };
  #timer: Disposable;
  #isOver = false;

  private constructor(server: Server, { clock, state, timeoutMs }: LoopbackRedirectOptions) {
    this.#server = server;
    this.#state = state;
    this.uri = `http://${host}:${(server.address() as AddressInfo).port}${path}`;
    this.answer = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Whoever listens may come later, or not at all.
    this.answer.catch(() => {});
    server.on("request", (request, response) => this.#hear(request, response));
    const late = () =>
      new MCPTimeoutError(`Nobody signed in within ${Math.round(timeoutMs / 60_000)} minutes.`, timeoutMs, {
        sent: false,
        hint: "Begin again, and finish in the browser.",
      });
    this.#timer = clock.schedule(timeoutMs, () => this.close(late()));
  }

  /** @throws MCPClientError `sign_in_failed` where the port is firm and taken */
  static async open(options: LoopbackRedirectOptions): Promise<LoopbackRedirect> {
    const { port, isPortFirm } = options;
    try {
      return new LoopbackRedirect(await listen(port), options);
    } catch (error) {
      if (port !== 0 && !isPortFirm) return new LoopbackRedirect(await listen(0), options);
      throw signInFailed(
        `Port ${port} of ${host}, which the browser comes back to, is taken.`,
        "End the program that uses it, or change `redirect_port` under `auth` in the server's file.",
        error,
      );
    }
  }

  /** Stops listening. */
  close(reason: Error): void {
    this.#end();
    this.#settle.reject(reason);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer[Symbol.dispose]();
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  #hear(request: IncomingMessage, response: ServerResponse): void {
    // Under another name, a page elsewhere could have sent it here (DNS rebinding).
    if (`http://${request.headers.host}${path}` !== this.uri) return send(response, 400, "wrong-place");
    const url = new URL(request.url ?? "/", this.uri);
    if (url.pathname !== path) return send(response, 404, "wrong-place");
    if (request.method !== "GET") return send(response, 405, "wrong-place");
    const answer = url.searchParams;
    const isOurs = answer.getAll("state").length === 1 && answer.get("state") === this.#state;
    if (!isOurs || this.#isOver) return send(response, 400, "not-expected");
    this.#end();
    send(response, 200, answer.has("code") ? "signed-in" : "refused");
    this.#settle.resolve(answer);
  }
}

function send(response: ServerResponse, status: number, page: Parameters<typeof redirectPage>[0]): void {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    connection: "close",
  });
  response.end(redirectPage(page));
}

function listen(port: number): Promise<Server> {
  const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 10_000 });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}
