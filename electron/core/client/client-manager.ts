import { randomUUID } from "node:crypto";
import process from "node:process";
import type { CircuitState } from "../../../shared/circuit.ts";
import type { ToolResult } from "../../../shared/tool.ts";
import { MCPClientError, MCPRefusedError } from "../errors.ts";
import type { Invoke } from "../invoke.ts";
import { AsyncMCPClient } from "./async-mcp-client.ts";
import { assertBounds, type CallOptions } from "./call-options.ts";
import { callScope } from "./call-scope.ts";
import { readCattackle } from "./cattackle.ts";
import type { ServerOptions, Surroundings } from "./client-config.ts";
import { assertSet, credentialsKey, type Credentials } from "./credentials.ts";
import { readCatalog, type ServerDefinition } from "./server-definitions.ts";

/** Servers by their names, or a core whose catalog has them. */
export type ClientManagerOptions = Surroundings &
  (
    | { servers: Record<string, ServerOptions>; core?: undefined }
    | {
        /** What `openCore` gives: its policy, approvals and journal then apply to every call, as client `library`. */
        core: { invoke: Invoke };
        servers?: undefined;
      }
  );

/** Where `ClientManager.open` finds servers. A name that occurs twice is an error. */
export type ServerSources = Surroundings & {
  /** A catalog folder: `<catalog>/servers/*.yaml`. */
  catalog?: string;
  /** Paths of `cattackle.toml` files. */
  cattackles?: readonly string[];
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

  /** Starts and dials nothing. */
  constructor({ servers = {}, core, ...surroundings }: ClientManagerOptions) {
    this.#core = core;
    this.#surroundings = surroundings;
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
    const read = [...(catalog === undefined ? [] : await readCatalog(catalog))];
    for (const file of cattackles) read.push(await readCattackle(file));
    for (const definition of read) manager.#define(definition);
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

  /** Closes every session. */
  async closeAllSessions(): Promise<void> {
    await Promise.all([...this.#clients.values()].map(({ client }) => client.close()));
  }

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

  #define(definition: ServerDefinition): void {
    const { serverName, source } = definition;
    const first = this.#definitions.get(serverName);
    if (first) {
      const [here, there] = [source, first.source].map((where) => where?.file ?? "the servers given");
      throw new MCPClientError("config_invalid", `There are two servers "${serverName}": in ${there} and in ${here}.`, {
        hint: "Rename one of them.",
      });
    }
    this.#definitions.set(serverName, definition);
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
    const client = new AsyncMCPClient({
      ...options,
      ...{ serverName: server, source, env },
      ...(isLogged && logger && { logger }),
      ...(auth && { auth }),
    });
    this.#clients.set(key, { server, client });
    return client;
  }
}
