import { randomUUID } from "node:crypto";
import process from "node:process";
import type { CircuitState } from "../../../shared/circuit.ts";
import type { ToolResult } from "../../../shared/tool.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { shareCircuits, type SharedCircuits } from "../circuit-sharing.ts";
import { createSystemClock } from "../clock.ts";
import { MCPClientError, MCPRefusedError } from "../errors.ts";
import type { Invoke } from "../invoke.ts";
import { silentLogger } from "../logger.ts";
import { Redactor } from "../secrets/redact.ts";
import { AsyncMCPClient } from "./async-mcp-client.ts";
import { assertBounds, type CallOptions } from "./call-options.ts";
import { callScope } from "./call-scope.ts";
import { readCattackle } from "./cattackle.ts";
import type { ServerOptions, Surroundings } from "./client-config.ts";
import type { LibraryCore } from "./open-core.ts";
import { assertSet, credentialsKey, type Credentials } from "./credentials.ts";
import { catalogFaults, definitionsOf, openCatalog, type ServerDefinition } from "./server-definitions.ts";

/** Servers by their names, or a core whose catalog has them. */
export type ClientManagerOptions = Surroundings &
  (
    | {
        /** Servers by their names: lower-case letters, digits, `_` and `-`. */
        servers: Record<string, ServerOptions>;
        /** Not beside `servers`. */
        core?: undefined;
      }
    | {
        /** What `openCore` gives: its policy, approvals and journal then apply to every call, as client `library`. */
        core: Pick<LibraryCore, "invoke">;
        /** Not beside `core`, whose catalog has them. */
        servers?: undefined;
      }
  );

/** Where `ClientManager.open` finds servers. A name that occurs twice is an error. */
export type ServerSources = Surroundings & {
  /** A catalog folder: `<catalog>/servers/*.yaml`. Its changes are followed; while a file has a fault, what was read last stays. */
  catalog?: string;
  /** Paths of `cattackle.toml` files. */
  cattackles?: readonly string[];
  /** Servers by their names. */
  servers?: Record<string, ServerOptions>;
};

type KeptClient = { server: string; client: AsyncMCPClient };

/**
 * Many servers. Each keeps one session (one for each set of credentials), which is opened at its first call, pinged before use
 * where it was idle, and replaced where it is dead.
 */
export class ClientManager implements AsyncDisposable {
  #core: { invoke: Invoke } | undefined;
  #surroundings: Surroundings;
  #definitions: Map<string, ServerDefinition>;
  #clients = new Map<string, KeptClient>();
  #catalog: Catalog | undefined;
  /** The servers that the catalog has. */
  #fromCatalog = new Set<string>();
  /** One connection for the circuits of all servers. */
  #shared: SharedCircuits | undefined;

  /** Starts and dials nothing. @throws MCPClientError `config_invalid` where SWITCHGEAR_REDIS_URL cannot be used. */
  constructor({ servers = {}, core, ...surroundings }: ClientManagerOptions) {
    this.#core = core;
    this.#surroundings = surroundings;
    if (!core) {
      const { env = process.env, logger = silentLogger } = surroundings;
      const parts = { clock: createSystemClock(), redactor: new Redactor(), onChange: () => {} };
      this.#shared = shareCircuits({ ...parts, env, logger });
    }
    this.#definitions = new Map(
      Object.entries(servers).map(([serverName, options]) => [serverName, { serverName, options }]),
    );
  }

  /** Reads the configuration; starts and dials nothing. @throws MCPClientError `config_invalid`, naming the file and the place. */
  static async open({
    catalog,
    cattackles = [],
    servers = {},
    ...surroundings
  }: ServerSources): Promise<ClientManager> {
    const manager = new ClientManager({ ...surroundings, servers });
    for (const file of cattackles) manager.#define(await readCattackle(file));
    if (catalog !== undefined) await manager.#follow(catalog);
    return manager;
  }

  /** The names of the servers, in order; with a core, the core's catalog has them, and this is empty. */
  get servers(): string[] {
    return [...this.#definitions.keys()];
  }

  /**
   * Calls a tool. A result that says `isError` is an answer, and is returned.
   *
   * @throws as `AsyncMCPClient.invoke`; with a core, MCPRefusedError and MCPApprovalError where the policy or a person says no.
   */
  async call(
    server: string,
    tool: string,
    args: Record<string, unknown> = {},
    options: CallOptions = {},
  ): Promise<ToolResult> {
    assertBounds(options);
    const auth = options.auth ?? callScope.getStore()?.credentials;
    if (this.#core) return this.#callThroughCore(this.#core, { server, tool, args }, options, auth);
    if (options.requireApproval === true) {
      throw new MCPRefusedError("config_invalid", `${server}.${tool} must be approved, and there is nobody to ask.`, {
        hint: "Approvals are a core's: use new ClientManager({ core: await openCore() }).",
      });
    }
    const client = this.#client(server, auth);
    if (client.isClosed) await client.initialize();
    return client.invoke({ ...options, tool, args });
  }

  /**
   * The circuit of a server, for the calls with these credentials.
   * @throws MCPClientError `unknown_server`, and `bad_request` with a core, whose circuits are its own.
   */
  getCircuitState(server: string, auth?: Credentials): CircuitState {
    if (this.#core) throw new MCPClientError("bad_request", "The circuits are the core's: see them in the console.");
    return this.#client(server, auth).getCircuitState();
  }

  /** Runs a function whose `mcpTool` calls, at whatever depth, go through this manager. */
  run<T>(work: () => T): T {
    return callScope.run({ ...callScope.getStore(), caller: this }, work);
  }

  /** Closes a server's sessions; the next call opens one anew. Its circuit stays as it is. With a core, sessions are the core's. */
  async closeSession(server: string): Promise<void> {
    const clients = [...this.#clients.values()].filter((kept) => kept.server === server);
    await Promise.all(clients.map(({ client }) => client.close()));
  }

  /** Closes every session; the next call opens one anew. A catalog folder is followed no longer. */
  async closeAllSessions(): Promise<void> {
    await this.#catalog?.close();
    await Promise.all([...this.#clients.values()].map(({ client }) => client.close()));
    await this.#shared?.close();
  }

  /** As `closeAllSessions()`, at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.closeAllSessions();
  }

  #callThroughCore(
    core: { invoke: Invoke },
    call: { server: string; tool: string; args: Record<string, unknown> },
    options: CallOptions,
    auth: Credentials | undefined,
  ): Promise<ToolResult> {
    if (auth) {
      throw new MCPRefusedError("config_invalid", `The core opens the sessions of "${call.server}", not its callers.`, {
        hint: "Put the credentials into the server's file: `headers: { Authorization: Bearer env://TOKEN }`.",
      });
    }
    const { signal, onProgress, onLog, onWaiting, idempotent, requireApproval } = options;
    const { timeout: timeoutMs, retryAttempts: maxAttempts } = options;
    return core.invoke(
      { ...call, id: randomUUID(), client: "library", idempotent, requireApproval },
      { signal, onProgress, onLog, onWaiting, timeoutMs, maxAttempts },
    );
  }

  async #follow(folder: string): Promise<void> {
    const { logger = silentLogger } = this.#surroundings;
    const catalog = await openCatalog(folder, logger);
    this.#catalog = catalog;
    try {
      this.#applyCatalog(catalog);
    } catch (error) {
      await catalog.close();
      throw error;
    }
    catalog.onChange(() => {
      const faults = catalogFaults(catalog);
      if (faults !== null) return logger.error(`The catalog stays as it was: ${faults}.`, { folder });
      try {
        this.#applyCatalog(catalog);
      } catch (error) {
        logger.error("The catalog stays as it was.", { folder, error });
      }
    });
  }

  /** Makes the catalog's servers those of its files; one that is gone, or reads otherwise, has its sessions closed. */
  #applyCatalog(catalog: Catalog): void {
    const wanted = new Map(definitionsOf(catalog).map((definition) => [definition.serverName, definition]));
    for (const [serverName, definition] of wanted) if (!this.#fromCatalog.has(serverName)) this.#assertNew(definition);
    for (const serverName of this.#fromCatalog) {
      if (JSON.stringify(this.#definitions.get(serverName)) === JSON.stringify(wanted.get(serverName))) continue;
      this.#definitions.delete(serverName);
      for (const [key, { server, client }] of this.#clients) {
        if (server !== serverName) continue;
        this.#clients.delete(key);
        // Nobody waits for it: the next call has a client of its own.
        client.close().catch(() => {});
      }
    }
    for (const definition of wanted.values()) this.#definitions.set(definition.serverName, definition);
    this.#fromCatalog = new Set(wanted.keys());
  }

  #define(definition: ServerDefinition): void {
    this.#assertNew(definition);
    this.#definitions.set(definition.serverName, definition);
  }

  #assertNew({ serverName, source }: ServerDefinition): void {
    const first = this.#definitions.get(serverName);
    if (!first) return;
    const [here, there] = [source, first.source].map((where) => where?.file ?? "the servers given");
    throw new MCPClientError("config_invalid", `There are two servers "${serverName}": in ${there} and in ${here}.`, {
      hint: "Rename one of them.",
    });
  }

  #client(server: string, auth: Credentials | undefined): AsyncMCPClient {
    const definition = this.#definitions.get(server);
    if (!definition) {
      throw new MCPRefusedError("unknown_server", `No server ${JSON.stringify(server)} is configured.`, {
        hint: `There are: ${this.servers.join(", ") || "none"}.`,
      });
    }
    const { env = process.env, logger } = this.#surroundings;
    if (auth) assertSet(auth, env);
    const key = JSON.stringify([server, credentialsKey(auth)]);
    const kept = this.#clients.get(key);
    if (kept) return kept.client;
    const { options, source, isLogged = true } = definition;
    const client = new AsyncMCPClient(
      {
        ...options,
        ...{ serverName: server, source, env },
        ...(isLogged && logger && { logger }),
        ...(auth && { auth }),
      },
      this.#shared && { ...this.#shared, close: async () => {} },
    );
    this.#clients.set(key, { server, client });
    return client;
  }
}
