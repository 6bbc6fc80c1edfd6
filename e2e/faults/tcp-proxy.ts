import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export type TcpProxy = {
  port: number;
  /** Ends every connection by a reset, both ways. */
  reset(): void;
  openSockets(): number;
  close(): Promise<void>;
};

/** Stands between a client and a port of this machine, and can break what goes through it. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const watch = (socket: Socket) => {
    sockets.add(socket);
    // A connection that breaks is what this is for.
    socket.on("error", () => {}).once("close", () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    const target = connect(targetPort, "127.0.0.1");
    for (const socket of [client, target]) watch(socket);
    client.pipe(target).pipe(client);
    client.once("close", () => target.destroy());
    target.once("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    reset: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    openSockets: () => sockets.size,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
