import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { HttpWire } from "../../bench/gateway/http-wire.ts";
import { LeanClient } from "../../bench/gateway/lean-client.ts";

/** A client of the gateway; it makes calls until it is closed. */
export type LoadClient = {
  /** @returns the answer's text */
  call(tool: string, message: string): Promise<string>;
  close(): Promise<void>;
};

/**
 * Connections that each has from the start. A program of Node's that is busy takes new ones one at a time, and those that it has before
 * them: a call on a new one would wait for the machine and not for the gateway.
 */
const connections = 4;
/** One client in so many is the SDK's, of the newer revision; the others cost next to nothing, and are of the older. */
const newerEvery = 7;

export function openClient(url: string, token: string, index: number): Promise<LoadClient> {
  return index % newerEvery === 0 ? openNewer(url, token) : openOlder(url, token);
}

async function openOlder(url: string, token: string): Promise<LoadClient> {
  const client = new LeanClient(new HttpWire(url, { authorization: `Bearer ${token}` }));
  await client.connect();
  await atOnce(() => client.listTools());
  return {
    call: async (tool, message) => {
      let text = await client.ask(tool, message);
      // So it is told that has waited for a person for long: it is to call again.
      while (text.startsWith("approval_pending")) text = await client.ask(tool, message);
      return text;
    },
    close: () => Promise.resolve(client.close()),
  };
}

async function openNewer(url: string, token: string): Promise<LoadClient> {
  const client = new Client({ name: "load", version: "1" }, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  await atOnce(() => client.listTools(undefined, { cacheMode: "bypass" }));
  return {
    call: async (name, message) => {
      const { content } = await client.callTool({ name, arguments: { message } });
      return (content as { text: string }[])[0]?.text ?? "";
    },
    close: () => client.close(),
  };
}

function atOnce(ask: () => Promise<unknown>): Promise<unknown> {
  return Promise.all(Array.from({ length: connections }, ask));
}
