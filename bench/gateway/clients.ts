/** The two clients: a lean one, behind which a gateway cannot hide, and the SDK's own, as most programs have it. */
import { Client, SSEClientTransport, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { EventStreamWire } from "./event-stream-wire.ts";
import { HttpWire } from "./http-wire.ts";
import { LeanClient } from "./lean-client.ts";
import { echoServer, type RunningPeer } from "./running-peer.ts";
import { StdioWire } from "./stdio-wire.ts";

/** A way to the echo server, ready to be called. */
export type Connection = {
  call(message: string): Promise<unknown>;
  close(): Promise<void>;
};

export type BenchClient = {
  name: string;
  /** To a server of its own, over stdio. */
  connectDirectly(): Promise<Connection>;
  connect(peer: RunningPeer): Promise<Connection>;
};

export const benchClients = {
  lean: {
    name: "lean client",
    connectDirectly: () => lean(new LeanClient(new StdioWire(echoServer)), "echo"),
    connect: async (peer) => lean(await leanClient(peer), peer.echo(0)),
  },
  sdk: {
    name: "SDK's client",
    connectDirectly: async () => sdk(await sdkClient(), "echo"),
    connect: async (peer) => {
      const url = new URL(peer.url);
      const requestInit = { headers: peer.headers };
      const client = newClient();
      await client.connect(
        peer.transport === "events"
          ? new SSEClientTransport(url, { requestInit })
          : new StreamableHTTPClientTransport(url, { requestInit }),
      );
      return sdk(client, peer.echo(0));
    },
  },
} satisfies Record<string, BenchClient>;

/** Not yet connected. */
export async function leanClient({ url, headers, transport }: RunningPeer): Promise<LeanClient> {
  return new LeanClient(transport === "events" ? await EventStreamWire.open(url) : new HttpWire(url, headers));
}

/** Connected to an echo server of its own, over stdio. */
export async function sdkClient(): Promise<Client> {
  const client = newClient();
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [echoServer], stderr: "ignore" }));
  return client;
}

async function lean(client: LeanClient, tool: string): Promise<Connection> {
  try {
    await client.connect();
  } catch (error) {
    client.close();
    throw error;
  }
  return { call: (message) => client.call(tool, message), close: async () => client.close() };
}

function sdk(client: Client, name: string): Connection {
  return {
    call: (message) => client.callTool({ name, arguments: { message } }),
    close: () => client.close(),
  };
}

function newClient(): Client {
  return new Client({ name: "bench", version: "0.0.0" });
}
