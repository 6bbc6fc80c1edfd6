/** What calls to the echo server are sent through: our gateway, the packages that others run in its place, and what neither can be faster than. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ourGateway, unjournaledGateway } from "./our-gateway.ts";
import { echoServer, runPeer, source, type Peer } from "./running-peer.ts";

/** Fixed, so that a figure means the same tomorrow. */
const versions = {
  "@civic/passthrough-mcp-server": "0.12.1",
  "mcp-hub": "4.2.1",
  "mcp-proxy": "6.7.19",
  supergateway: "4.0.0",
};
/** Whatever a package listens on, it listens on loopback. */
const loopback = ["--import", join(source, "../../e2e/conformance/listen-on-loopback.mjs")];

/** @param app the application's folder, built */
export function allPeers(app: string): Peer[] {
  return [
    directHttp,
    bareForwarder,
    ourGateway(app),
    unjournaledGateway(app),
    mcpProxy,
    supergateway,
    mcpHub,
    passthrough,
  ];
}

const directHttp: Peer = {
  ...{ id: "http", name: "HTTP, directly", kind: "reference", isMany: false },
  start: () => runPeer({ args: (port) => [join(source, "echo-over-http.mjs"), port] }),
};

const bareForwarder: Peer = {
  ...{ id: "bare", name: "a bare forwarder", kind: "reference", isMany: false },
  start: () => runPeer({ args: (port) => [join(source, "bare-forwarder.mjs"), port, echoServer] }),
};

/** Without the store of events that replays to clients that come back, which would open every answer's stream with an event of its own. */
const mcpProxy: Peer = {
  ...{ id: "mcp-proxy", name: "mcp-proxy", kind: "rival", isMany: false },
  start: () =>
    runPeer({
      args: (port) => [
        ...[...loopback, fetched("mcp-proxy/dist/bin/mcp-proxy.mjs"), "--host", "127.0.0.1", "--port", port],
        ...["--server", "stream", "--no-eventStore", "--", process.execPath, echoServer],
      ],
    }),
};

const supergateway: Peer = {
  ...{ id: "supergateway", name: "supergateway, stateful", kind: "rival", isMany: false },
  start: () =>
    runPeer({
      args: (port) => [
        ...[...loopback, fetched("supergateway/dist/index.js"), "--stdio", `${process.execPath} ${echoServer}`],
        ...["--outputTransport", "streamableHttp", "--stateful", "--logLevel", "none", "--port", port],
      ],
    }),
};

/** It serves the older transport alone. */
const mcpHub: Peer = {
  ...{ id: "mcp-hub", name: "mcp-hub", kind: "rival", isMany: true },
  start: (servers, folder) => {
    const config = join(folder, "servers.json");
    const command = { command: process.execPath, args: [echoServer] };
    const mcpServers = Object.fromEntries(Array.from({ length: servers }, (_, index) => [`echo${index}`, command]));
    write(config, JSON.stringify({ mcpServers }));
    // It would fetch its market place before it starts a server: it has a fresh one here.
    const registry = { version: "1", generatedAt: 0, totalServers: 1, servers: [{ id: "none", name: "none" }] };
    const market = { registry, lastFetchedAt: Date.now(), serverDocumentation: {} };
    write(join(folder, "mcp-hub/cache/registry.json"), JSON.stringify(market));
    return runPeer({
      args: (port) => [...loopback, fetched("mcp-hub/dist/cli.js"), "--port", port, "--config", config],
      env: { HOME: folder, XDG_DATA_HOME: folder, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder },
      transport: "events",
      echo: (server) => `echo${server}__echo`,
    });
  },
};

const passthrough: Peer = {
  ...{ id: "passthrough", name: "@civic/passthrough", kind: "rival", isMany: false },
  start: () => {
    const program = fetched("@civic/passthrough-mcp-server/dist/index.js");
    return runPeer({ args: (port) => [...loopback, join(source, "passthrough.mjs"), program, port, echoServer] });
  },
};

/** A file of a package of others, which come from the registry into the cache. */
function fetched(file: string): string {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "switchgear/bench-peers");
  const manifest = JSON.stringify({ private: true, dependencies: versions });
  const known = join(folder, "package.json");
  if (!existsSync(known) || readFileSync(known, "utf8") !== manifest) {
    write(known, manifest);
    try {
      execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder, stdio: "ignore" });
    } catch (error) {
      writeFileSync(known, "{}");
      throw new Error("its packages could not be fetched from the registry", { cause: error });
    }
  }
  return join(folder, "node_modules", file);
}

function write(file: string, text: string): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
}
