import { createServer, type Server, type ServerOptions } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { MCPClientError } from "../errors.ts";
import { isLoopback } from "./addresses.ts";

export type ListenOptions = {
  /** What listens, for its errors: `The approvals API`. */
  what: string;
  /** The address of one interface; loopback, unless `tls` is given. */
  address: string;
  /** 0 takes any free one. */
  port: number;
  /** PEM. The names of the certificate are those under which the endpoint may be addressed. */
  tls?: { cert: string; key: string } | undefined;
};

/**
 * How long a connection is kept that nobody uses, milliseconds: longer than clients keep theirs, because a request that is sent in the
 * moment in which its connection is closed is lost to its sender.
 */
const keepAliveMs = 75_000;

/**
 * Listens on this one address and port, never on another.
 * @param requestTimeoutMs how long a request may take to arrive whole
 * @throws MCPClientError `config_invalid`: an address or port that cannot be had, plain HTTP off loopback, keys that are no keys
 */
export async function listen(
  options: ListenOptions,
  requestTimeoutMs: number,
): Promise<{ server: Server; port: number }> {
  const { what, address, tls } = options;
  if (!tls && !isLoopback(address)) {
    throw new MCPClientError("config_invalid", `${what} does not listen on ${address} without TLS.`, {
      hint: "Give it a certificate and a key, or leave the address at 127.0.0.1.",
    });
  }
  const server = createListener(options, {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, requestTimeoutMs),
    keepAliveTimeout: keepAliveMs,
  });
  await begin(server, options);
  return { server, port: (server.address() as AddressInfo).port };
}

type Timeouts = Required<
  Pick<ServerOptions, "requestTimeout" | "headersTimeout" | "connectionsCheckingInterval" | "keepAliveTimeout">
>;

function createListener({ what, tls }: ListenOptions, timeouts: Timeouts): Server {
  if (!tls) return createServer(timeouts);
  try {
    return createTlsServer({ ...timeouts, ...tls, minVersion: "TLSv1.2" });
  } catch (cause) {
    const message = `${what} cannot use its certificate and key: ${(cause as Error).message}`;
    const hint = "Both are PEM files; the key is that of the certificate, and has no passphrase.";
    throw new MCPClientError("config_invalid", message, { hint, cause });
  }
}

function begin(server: Server, { what, address, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const isTaken = cause.code === "EADDRINUSE";
      const message = isTaken
        ? `${what} cannot listen: port ${port} of ${address} is in use by another program.`
        : `${what} cannot listen on ${address}, port ${port}: ${cause.message}`;
      const hint = isTaken ? "Choose another port, or end that program." : "Choose another address or port.";
      reject(new MCPClientError("config_invalid", message, { hint, cause }));
    });
    server.listen({ host: address, port, exclusive: true }, resolve);
  });
}
