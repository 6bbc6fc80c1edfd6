/** What the soak calls: servers that fail at random, in percent of their calls, and one that never does. */
import { join } from "node:path";
import { startHttpFaultServer, type HttpCall } from "../faults/http-server.ts";
import { startWebSocketFaultServer, type WebSocketCall } from "../faults/websocket-server.ts";
import { pick } from "./random.ts";

const httpFaults = {
  unavailable: 4,
  brokenPage: 3,
  tooMany: 3,
  reset: 3,
  silent: 2,
  halfAnswer: 2,
  wrongId: 1,
  slow: 3,
};
const webSocketFaults = { drop: 3, silent: 2, wrongId: 2, noJson: 2, slow: 3 };
const stdioFaults = { exit: 1, halfLine: 1, silent: 2, logText: 4, complaint: 4, wrongId: 2, twice: 2 };
const slowMs = 200;

/** Of each wire; a server of ours that is well comes on top. */
export type Fleet = { http: number; webSocket: number; stdio: number };

/** A few dozen real processes at most, as they are dear; the rest on loopback. */
export function fleetOf(servers: number): Fleet {
  const stdio = Math.min(24, Math.ceil(servers / 5));
  const webSocket = Math.ceil((servers - stdio) / 3);
  return { http: servers - stdio - webSocket, webSocket, stdio };
}

export type FaultyServers = {
  /** Of the catalog, by name. */
  files: Record<string, string>;
  ids: { id: string; isStdio: boolean }[];
  close(): Promise<void>;
};

export const neighbour = "neighbour";

/** @param root the project's folder. */
export async function startFaultyServers(root: string, fleet: Fleet, random: () => number): Promise<FaultyServers> {
  const [http, well, webSocket] = await Promise.all([
    startHttpFaultServer({ onCall: (call) => failOverHttp(call, random) }),
    startHttpFaultServer({ onCall: ({ answer }) => answer("well") }),
    startWebSocketFaultServer((call) => failOverWebSocket(call, random)),
  ]);
  const program = join(root, "e2e/faults/stdio-server.mjs");
  const wires = {
    http: { transport: "http", url: http.url, protocol: "legacy" },
    webSocket: { transport: "websocket", url: `ws://127.0.0.1:${webSocket.port}` },
    stdio: { transport: "stdio", command: "${node}", args: [program] },
  };
  const settings = { trusted: true, timeout: 1_000, keep_alive: 10_000, circuit_breaker: { timeout_seconds: 2 } };
  const file = (id: string, wire: object) => [`servers/${id}.yaml`, JSON.stringify({ id, ...wire, ...settings })];
  const named = Object.entries(fleet).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, index) => ({ kind: kind as keyof Fleet, id: `${kind.toLowerCase()}${index}` })),
  );
  return {
    files: Object.fromEntries([
      ...named.map(({ kind, id }) => file(id, wires[kind])),
      file(neighbour, { ...wires.http, url: well.url }),
      ["policies/mcp_permissions.yaml", "default_permission: ALWAYS\n"],
    ]),
    ids: named.map(({ kind, id }) => ({ id, isStdio: kind === "stdio" })),
    close: async () => {
      await Promise.all([http, well, webSocket].map((server) => server.close()));
    },
  };
}

/** The steps of a call over stdio; see `stdio-server.mjs`. */
export function stdioSteps(random: () => number): object[] {
  switch (pick(stdioFaults, random)) {
    case "exit":
      return [{ exit: 1 }];
    case "halfLine":
      return [{ raw: '{"jsonrpc":"2.0","id":$ID,"resu' }, { exit: 1 }];
    case "silent":
      return [];
    case "logText":
      return [{ raw: "Listening\n" }, { answer: "well" }];
    case "complaint":
      return [{ complain: "not so well" }, { answer: "well" }];
    case "wrongId":
      return [{ raw: '{"jsonrpc":"2.0","id":-1,"result":{"content":[]}}\n' }];
    case "twice":
      return [{ answer: "well" }, { answer: "again" }];
    case null:
      return [{ answer: "well" }];
  }
}

function failOverHttp({ response, answer }: HttpCall, random: () => number): void {
  switch (pick(httpFaults, random)) {
    case "unavailable":
      return void response.writeHead(503, { "retry-after": "1" }).end();
    case "brokenPage":
      return void response.writeHead(500, { "content-type": "text/html" }).end("<h1>Oops</h1>");
    case "tooMany":
      return void response.writeHead(429).end();
    case "reset":
      return void response.socket?.resetAndDestroy();
    case "silent":
      return;
    case "halfAnswer":
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" }).write('{"jsonrpc"');
      return void response.socket?.end();
    case "wrongId": {
      const text = '{"jsonrpc":"2.0","id":-1,"result":{"content":[]}}';
      return void response.writeHead(200, { "content-type": "application/json" }).end(text);
    }
    case "slow":
      return void setTimeout(answer, slowMs, "slow");
    case null:
      return answer("well");
  }
}

function failOverWebSocket({ socket, answer }: WebSocketCall, random: () => number): void {
  switch (pick(webSocketFaults, random)) {
    case "drop":
      return socket.terminate();
    case "silent":
      return;
    case "wrongId":
      return socket.send('{"jsonrpc":"2.0","id":-1,"result":{"content":[]}}');
    case "noJson":
      return socket.send("hello");
    case "slow":
      return void setTimeout(() => socket.readyState === socket.OPEN && answer("slow"), slowMs);
    case null:
      return answer("well");
  }
}
