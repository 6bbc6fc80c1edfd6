/** Every server of the catalog, each with its connection; the master switch governs them all. */

import type { Tool } from "@modelcontextprotocol/client";
import type { SignInState } from "../../../shared/oauth.ts";
import type { ServerConfig, ServerLogLine, ServerView } from "../../../shared/server.ts";
import type { SecretTarget } from "../../../shared/vault.ts";
import type { CatalogServer } from "../catalog/load-servers.ts";
import { MCPRefusedError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { Clock } from "../ports.ts";
import { secretTarget } from "../secrets/secret-target.ts";
import { createTransport } from "../transports/create.ts";
import type { ConnectionDeps } from "./connection-deps.ts";
import { ServerConnection } from "./connection.ts";
import type { CreateTransport } from "./open-session.ts";
import { secretNames } from "./secret-names.ts";
import type { ResourceHearer } from "./resource-hearer.ts";
import type { ServerOffers } from "./server-offers.ts";
import { describeTarget, resolveTarget, type TargetContext } from "./target.ts";
import type { KnownTool } from "./tool-list.ts";

export type ServerManagerOptions = {
  clock: Clock;
  events: CoreEvents;
  /** Switchgear's own version, for the handshake. */
  version: string;
  target: TargetContext;
  /** How a server stands that takes OAuth. */
  signInState?: (id: string) => SignInState | null;
  /** The master switch as it stands at first; default off. */
  enabled?: boolean;
  /** `on-demand` leaves a server alone until it is called or connected by hand. Default `all`. */
  connect?: "all" | "on-demand";
  /** Hears of each list of tools that a server gives, before any of them can be called. */
  onTools?: (server: string, tools: readonly Tool[]) => void;
  /** Who waits for resources to change. */
  subscriptions?: () => ResourceHearer;
  /** Hears of every process that is started. */
  onProcess?: (pid: number) => void;
  createTransport?: CreateTransport;
  /** Gives [0, 1), for the pauses between reconnects. */
  random?: () => number;
};

type Entry = { config: ServerConfig; file: string; connection: ServerConnection; shown: string };

/** How long closing everything may take, milliseconds: the ladder of one process, and a little. */
const closeTimeoutMs = 6_000;
const switchedOff = "MCP is switched off.";

export class ServerManager {
  #options: ServerManagerOptions;
  #entries = new Map<string, Entry>();
  #isEnabled: boolean;
  #closing: Promise<unknown> = Promise.resolve();

  constructor(options: ServerManagerOptions) {
    this.#options = options;
    this.#isEnabled = options.enabled ?? false;
  }

  get isEnabled(): boolean {
    return this.#isEnabled;
  }

  /** Makes the servers these. A server whose file says the same keeps its session; one whose file changed is connected anew. */
  apply(servers: readonly CatalogServer[]): void {
    const wanted = new Map(servers.map((server) => [server.config.id, server]));
    for (const [id, entry] of this.#entries) {
      if (wanted.has(id)) continue;
      this.#entries.delete(id);
      this.#close(entry.connection, "Its file was removed.");
      this.#options.events.emit("server.removed", { server: id });
      if (entry.connection.tools.length > 0) this.#options.events.emit("tools.changed", { server: id });
    }
    for (const server of wanted.values()) this.#put(server);
  }

  /** The master switch. Off closes every connection, and resolves once they are closed; on connects every enabled server. */
  async setEnabled(enabled: boolean): Promise<void> {
    if (enabled === this.#isEnabled) return;
    this.#isEnabled = enabled;
    if (enabled) {
      for (const entry of this.#entries.values()) this.#start(entry);
      return;
    }
    for (const { connection } of this.#entries.values()) this.#close(connection, switchedOff);
    await this.#closed();
  }

  list(): ServerView[] {
    return [...this.#entries.values()].map((entry) => this.#view(entry));
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** @throws MCPRefusedError `unknown_server` */
  connection(id: string): ServerConnection {
    return this.#entry(id).connection;
  }

  /** A tool's definition, as far as it is known. */
  tool(server: string, name: string): Tool | undefined {
    return this.#entries.get(server)?.connection.tool(name);
  }

  tools(): KnownTool[] {
    return [...this.#entries.values()].flatMap(({ connection }) => connection.tools);
  }

  /** What each server offers beside tools, as far as it is known. */
  offers(): { server: string; offers: ServerOffers }[] {
    return [...this.#entries].map(([server, { connection }]) => ({ server, offers: connection.offers }));
  }

  log(id: string): ServerLogLine[] {
    return this.#entry(id).connection.log();
  }

  /** Connects now, parked or not. Rejects as the attempt does; the connection may go on trying. */
  async connect(id: string): Promise<void> {
    await this.#entry(id).connection.connect();
  }

  async disconnect(id: string, reason = "It was disconnected by hand."): Promise<void> {
    await this.#entry(id).connection.disconnect(reason);
  }

  /** Reads what a server's file refers to, and dials nothing. @throws MCPClientError `config_invalid`, `vault_locked`, `unknown_server` */
  async resolve(id: string): Promise<void> {
    const { config, file } = this.#entry(id);
    await resolveTarget(config, file, this.#options.target);
  }

  /** Tells what is different about a server, for reasons that lie outside it. */
  refresh(id: string): void {
    const entry = this.#entries.get(id);
    if (entry) this.#show(entry);
  }

  /** Looks at every connection at once: the machine woke, or the network is another. */
  checkNow(): void {
    if (this.#isEnabled) for (const { connection } of this.#entries.values()) connection.checkNow();
  }

  /** Which servers' files refer to which secrets of the vault: name → ids. */
  secretUses(): Map<string, string[]> {
    const uses = new Map<string, string[]>();
    for (const { config } of this.#entries.values()) {
      for (const name of secretNames(config)) uses.set(name, [...(uses.get(name) ?? []), config.id]);
    }
    return uses;
  }

  /** Where what a server is given goes, as its file has it; `undefined` where there is none. */
  secretTarget(id: string): SecretTarget | undefined {
    const entry = this.#entries.get(id);
    return entry && secretTarget(entry.config);
  }

  /** Secrets of the vault changed, or it opened: whoever uses or waits for one connects anew. */
  secretsChanged({ names, opened }: { names: ReadonlySet<string>; opened: boolean }): void {
    if (!this.#isEnabled) return;
    for (const { config, connection } of this.#entries.values()) {
      const isConcerned = [...secretNames(config)].some((name) => names.has(name));
      const waits = connection.state.kind === "parked" && connection.state.cause === "vault";
      if (isConcerned || (opened && waits)) connection.renew("A secret that it uses was changed: it connects anew.");
    }
  }

  /** Closes everything, in parallel, within six seconds. */
  async close(): Promise<void> {
    this.#isEnabled = false;
    for (const { connection } of this.#entries.values()) this.#close(connection, "Switchgear is closing.");
    await this.#closed();
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry) return entry;
    throw new MCPRefusedError("unknown_server", `No server in the catalog has the id "${id}".`, {
      hint: "See the list of servers, and the catalog's problems for files that are left out.",
    });
  }

  #put({ config, file }: CatalogServer): void {
    const old = this.#entries.get(config.id);
    if (old && JSON.stringify(old.config) === JSON.stringify(config)) {
      old.file = file;
      this.#show(old);
      return;
    }
    const entry: Entry = { config, file, connection: new ServerConnection(config, this.#deps(config)), shown: "" };
    this.#entries.set(config.id, entry);
    const oldIsGone = old?.connection.disconnect("Its file was changed.");
    if (oldIsGone) this.#closing = Promise.allSettled([this.#closing, oldIsGone]);
    if (old && old.connection.tools.length > 0) this.#options.events.emit("tools.changed", { server: config.id });
    this.#show(entry);
    // The new process may need what the old one holds.
    if (oldIsGone) void oldIsGone.then(() => this.#start(entry));
    else this.#start(entry);
  }

  #start(entry: Entry): void {
    const { config, connection } = entry;
    if (this.#options.connect === "on-demand" && connection.state.kind === "idle") return;
    if (!this.#isEnabled || !config.enabled || this.#entries.get(config.id) !== entry) return;
    // How it goes is told by its state.
    connection.connect().catch(() => {});
  }

  #deps(config: ServerConfig): ConnectionDeps {
    const { clock, version, target, events } = this.#options;
    const { id } = config;
    // A connection that was replaced is still closing, and no longer speaks for the server.
    const whenCurrent = (tell: (entry: Entry) => void) => () => {
      const entry = this.#entries.get(id);
      if (entry?.config === config) tell(entry);
    };
    return {
      clock,
      version,
      redactor: target.redactor,
      random: this.#options.random ?? Math.random,
      createTransport: this.#options.createTransport ?? createTransport,
      resolveTarget: () => resolveTarget(config, this.#entries.get(id)?.file ?? id, target),
      assertAllowed: () => this.#assertAllowed(config),
      onProcess: (pid) => this.#options.onProcess?.(pid),
      onChange: whenCurrent((entry) => this.#show(entry)),
      onToolsChange: whenCurrent((entry) => {
        this.#options.onTools?.(
          id,
          entry.connection.tools.map(({ tool }) => tool),
        );
        events.emit("tools.changed", { server: id });
        this.#show(entry);
      }),
      onSession: (session) => whenCurrent(() => this.#options.subscriptions?.().resume(id, session))(),
      onResourceUpdated: (uri) => whenCurrent(() => this.#options.subscriptions?.().updated(id, uri))(),
      onOffersChange: (kind) => whenCurrent(() => events.emit(`${kind}.changed`, { server: id }))(),
    };
  }

  #assertAllowed({ id, enabled }: ServerConfig): void {
    if (!this.#isEnabled) {
      throw new MCPRefusedError("mcp_disabled", `"${id}" is not connected: MCP is switched off.`, {
        hint: "Switch MCP on in the top bar.",
      });
    }
    if (!enabled) {
      throw new MCPRefusedError("server_disabled", `"${id}" is not connected: its file says \`enabled: false\`.`, {
        hint: "Switch it on on the Panel, or set `enabled: true` in its file.",
      });
    }
  }

  /** Tells what is different about a server, if anything is. */
  #show(entry: Entry): void {
    const view = this.#view(entry);
    const text = JSON.stringify(view);
    if (text === entry.shown) return;
    entry.shown = text;
    this.#options.events.emit("server.changed", view);
  }

  #view({ config, file, connection }: Entry): ServerView {
    return {
      id: config.id,
      title: config.title ?? config.id,
      description: config.description ?? "",
      group: config.group ?? null,
      transport: config.transport,
      target: describeTarget(config, this.#options.target),
      file,
      enabled: config.enabled,
      trusted: config.trusted,
      timeoutMs: config.timeout,
      maxRetries: config.max_retries,
      connection: connection.state,
      toolCount: connection.tools.length,
      toolsStale: connection.toolsStale,
      capabilities: connection.capabilities,
      signIn: this.#options.signInState?.(config.id) ?? null,
    };
  }

  /** `#closed` waits for it. */
  #close(connection: ServerConnection, reason: string): void {
    this.#closing = Promise.allSettled([this.#closing, connection.disconnect(reason)]);
  }

  async #closed(): Promise<void> {
    const limit = new AbortController();
    await Promise.race([this.#closing, this.#options.clock.sleep(closeTimeoutMs, limit.signal).catch(() => {})]);
    limit.abort();
  }
}
