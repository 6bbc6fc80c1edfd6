import { createServer, request, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export type Forwarder = { origin: string; close: () => Promise<void> };

/**
 * Stands before the gateway for a client that cannot send a token: adds it, and changes nothing else. Its own name in Host and Origin
 * becomes the gateway's; any other stays what it is, for the gateway to refuse.
 */
export async function forwardWithBearer(gateway: URL, token: string): Promise<Forwarder> {
  const server = createServer((incoming, outgoing) => {
    const { method, url: path } = incoming;
    const target = { host: gateway.hostname, port: gateway.port, method, path };
    const headers = { ...renamed(incoming.headers), authorization: `Bearer ${token}` };
    const onwards = request({ ...target, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
    });
    onwards.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onwards.destroy());
    incoming.pipe(onwards);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const own = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  function renamed({ host, origin, ...rest }: IncomingHttpHeaders): IncomingHttpHeaders {
    return {
      ...rest,
      host: host === own ? gateway.host : host,
      ...(origin !== undefined && { origin: origin === `http://${own}` ? gateway.origin : origin }),
    };
  }

  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { origin: `http://${own}`, close };
}
