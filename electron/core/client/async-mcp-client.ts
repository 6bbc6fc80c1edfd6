import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import process from "node:process";
import type { CircuitState } from "../../../shared/circuit.ts";
import type { ServerConfig } from "../../../shared/server.ts";
import type { ToolResult } from "../../../shared/tool.ts";
import { shareCircuits, type SharedCircuits } from "../circuit-sharing.ts";
import { createSystemClock } from "../clock.ts";
import { MCPRefusedError, ownError, toClientError, type MCPClientError } from "../errors.ts";
import { CoreEvents } from "../events.ts";
import { silentLogger } from "../logger.ts";
import type { Logger } from "../ports.ts";
import { assertEnabled, assertPayloadFits } from "../preconditions.ts";
import type { RetryPolicy } from "../resilience/backoff.ts";
import { AdaptiveTimeouts } from "../resilience/adaptive-timeouts.ts";
import { Circuits } from "../resilience/circuits.ts";
import { nothingSpent } from "../resilience/retry.ts";
import { RetryBudgets } from "../resilience/retry-budgets.ts";
import { Redactor } from "../secrets/redact.ts";
import type { Vault } from "../secrets/vault.ts";
import { connect, findTool, sendCall, type Outgoing, type SendParts } from "../send-call.ts";
import { ServerConnection } from "../servers/connection.ts";
import { pingTimeoutMs } from "../servers/health-check.ts";
import { resolveTarget } from "../servers/target.ts";
import { enabledVariable, parseSwitch } from "../settings-store.ts";
import { createTransport } from "../transports/create.ts";
import type { ResolvedTarget } from "../transports/server-transport.ts";
import { assertBounds, type InvokeOptions } from "./call-options.ts";
import { toRetryPolicy, toServerConfig, type ServerOptions, type Surroundings } from "./client-config.ts";
import { withCredentials, type Credentials } from "./credentials.ts";
import { openVault } from "./open-vault.ts";
import { findPackage } from "./package-root.ts";

/** A server, and how it is called. */
export type AsyncMCPClientOptions = ServerOptions &
  Surroundings & {
    /** Names the server in errors and in the circuit: lower-case letters, digits, `_` and `-`. */
    serverName: string;
    /** Where the settings stand, for errors, and what `${catalog}` in them stands for. */
    source?:
      | {
          /** Path of the file. */
          file: string;
          /** The catalog folder, where there is one. */
          catalog?: string;
        }
      | undefined;
  };

/** One call of a tool. */
export type InvokeRequest = InvokeOptions & {
  /** The tool's name, compared exactly. */
  tool: string;
  /** Passed on by reference; not to be changed while the call is on its way. Default: none. */
  args?: Record<string, unknown>;
};

/** How a server is. */
export type Health =
  | {
      /** It answered. */
      healthy: true;
      /** The round trip, milliseconds. */
      pingMs: number;
    }
  | {
      /** It cannot be reached, or did not answer within 5 s. */
      healthy: false;
      /** Why, as `invoke` would throw it. */
      error: MCPClientError;
    };

/**
 * One server, called resiliently: one session that is kept and replaced, retries where they are safe, a circuit breaker, and
 * bounds on time. There is no policy, no approval and no journal here: `ClientManager` with a core has those.
 *
 * An open session keeps the program alive until `close()`, or the end of its `await using` block.
 */
export class AsyncMCPClient implements AsyncDisposable {
  /** As it was given. */
  readonly serverName: string;
  #config: ServerConfig;
  #retryPolicy: RetryPolicy;
  #env: NonNullable<Surroundings["env"]>;
  #logger: Logger;
  #parts: SendParts;
  #shared: SharedCircuits;
  #server: ServerConnection;
  #vault: Vault | undefined;

  /**
   * Starts and dials nothing. Its circuit is shared with other instances where SWITCHGEAR_REDIS_URL is set.
   * @throws MCPClientError `config_invalid`, naming every setting at fault.
   */
  constructor(options: AsyncMCPClientOptions);
  /** @internal @param shared where circuits live, for the clients of one manager. */
  constructor(options: AsyncMCPClientOptions, shared?: SharedCircuits);
  constructor(options: AsyncMCPClientOptions, shared?: SharedCircuits) {
    const { serverName, env = process.env, logger = silentLogger } = options;
    this.serverName = serverName;
    this.#config = toServerConfig(serverName, options);
    this.#retryPolicy = toRetryPolicy(serverName, options.retryConfig);
    this.#env = env;
    this.#logger = logger;
    const clock = createSystemClock();
    const redactor = new Redactor();
    this.#shared = shared ?? shareCircuits({ clock, logger, env, redactor, onChange: () => {} });
    const events = new CoreEvents(logger);
    const { createStore } = this.#shared;
    const circuits = new Circuits({ clock, logger, events, createStore, onTransition: () => {} });
    circuits.configure(serverName, this.#config.circuit_breaker);
    this.#parts = {
      clock,
      redactor,
      circuits,
      budgets: new RetryBudgets(clock),
      adaptive: new AdaptiveTimeouts(events),
    };
    this.#server = new ServerConnection(this.#config, {
      ...{ clock, redactor, createTransport },
      version: findPackage().version,
      random: Math.random,
      resolveTarget: () => this.#resolveTarget(options.source, options.auth),
      assertAllowed: () => this.#assertAllowed(),
      onProcess: () => {},
      onChange: () => this.#logState(),
      onToolsChange: () => {},
      onOffersChange: () => {},
      onSession: () => {},
      onResourceUpdated: () => {},
    });
  }

  /**
   * Opens the session now rather than at the first call, after `close()` or a failure too.
   * @throws as `invoke` does where the server cannot be reached.
   */
  async initialize(): Promise<void> {
    this.#assertAllowed();
    await this.#shared.start();
    const hooks = { retryPolicy: this.#retryPolicy };
    await this.#owned((id) =>
      connect(this.#parts, { id, server: this.#server, spent: nothingSpent() }, hooks, () => this.#server.connect()),
    );
  }

  /** Whether `close()` was called, and `initialize()` not since. */
  get isClosed(): boolean {
    return this.#server.state.kind === "closed";
  }

  /**
   * Calls a tool. A result that says `isError` is an answer, and is returned.
   *
   * @throws MCPCircuitOpenError at once while the circuit is open, with `retryAt`; MCPTimeoutError; MCPTransportError;
   * MCPOutcomeUnknownError where the call was sent, was not answered and is not safe to send again; MCPProtocolError where the
   * server answered with an error; MCPRefusedError where nothing was sent; MCPCancelledError after an abort of `signal`.
   */
  async invoke({ tool, args = {}, ...options }: InvokeRequest): Promise<ToolResult> {
    assertBounds(options);
    this.#assertAllowed();
    if (!this.isClosed) await this.#shared.start();
    const { signal, timeout: timeoutMs, retryAttempts: maxAttempts, idempotent, onProgress, onLog } = options;
    return this.#owned(async (id) => {
      const bounds = { timeoutMs, maxAttempts, spent: nothingSpent() };
      const call: Outgoing = { id, server: this.#server, tool, args, idempotent, signal, ...bounds };
      const definition = await findTool(this.#parts, call, { retryPolicy: this.#retryPolicy });
      assertPayloadFits(this.#config, { tool, args });
      const answer = await sendCall(this.#parts, call, definition, {
        retryPolicy: this.#retryPolicy,
        ...{ onProgress, onLog },
        observe: async (_attempt, run) => (await run({ since: null, adaptiveMs: null, waitedMs: 0 })).result,
      });
      return answer as ToolResult;
    });
  }

  /** The circuit as it stands; its times are wall-clock milliseconds. @param tool for a circuit of its own (`per_tool`). */
  getCircuitState(tool: string | null = null): CircuitState {
    return this.#parts.circuits.view(this.serverName, tool).state;
  }

  /** Closes the circuit, and those of its tools. @param why goes into the circuit's record. */
  resetCircuit(why = "The program asked for it."): void {
    const { circuits } = this.#parts;
    for (const { server, tool } of circuits.list()) circuits.reset(server, tool, { who: "library", why });
  }

  /** Asks the server for a sign of life, opening the session if need be. Moves no circuit; never throws. */
  async checkHealth(): Promise<Health> {
    try {
      this.#assertAllowed();
      const session = await this.#server.session();
      return { healthy: true, pingMs: await session.ping(pingTimeoutMs) };
    } catch (error) {
      // A session that is dead is found out, and replaced, before it is used.
      this.#server.checkNow();
      return { healthy: false, error: this.#parts.redactor.error(toClientError(error)) };
    }
  }

  /** Closes the session and ends the process behind it, if any; calls under way fail. Resolves once that is done. */
  async close(): Promise<void> {
    if (!this.isClosed) await this.#server.disconnect("The program closed it.");
    await this.#shared.close();
  }

  /** As `close()`, at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Runs a call under an id of its own, which its error then carries. */
  async #owned<T>(run: (id: string) => Promise<T>): Promise<T> {
    const id = randomUUID();
    try {
      return await run(id);
    } catch (thrown) {
      const error = this.#parts.redactor.error(ownError(thrown, id));
      this.#logger.warn("A call failed.", { server: this.serverName, code: error.code, message: error.message });
      throw error;
    }
  }

  async #resolveTarget(
    source: AsyncMCPClientOptions["source"],
    auth: Credentials | undefined,
  ): Promise<ResolvedTarget> {
    const { redactor, clock } = this.#parts;
    const env = this.#env;
    this.#vault ??= openVault({ clock, env, redactor, logger: this.#logger });
    const target = await resolveTarget(this.#config, source?.file ?? `the settings of "${this.serverName}"`, {
      ...{ env, redactor, vault: this.#vault },
      nodeRuntime: { command: process.execPath, env: {} },
      placeholders: () => ({ home: homedir(), app: findPackage().root, catalog: source?.catalog }),
    });
    return auth ? withCredentials(target, auth, env, redactor) : target;
  }

  /** The switch of the environment, where it is set: a value that is neither true nor false means no. */
  #assertAllowed(): void {
    const governed = this.#env[enabledVariable];
    assertEnabled({ mcpEnabled: governed === undefined || parseSwitch(governed) === true });
    if (this.#config.enabled) return;
    throw new MCPRefusedError("server_disabled", `Server "${this.serverName}" is not enabled by its settings.`, {
      hint: "Set `enabled: true`.",
    });
  }

  #logState(): void {
    const { kind, ...data } = this.#server.state;
    this.#logger.info("A connection changed.", { server: this.serverName, state: kind, ...data });
  }
}
