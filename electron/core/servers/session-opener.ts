import type { ServerConfig } from "../../../shared/server.ts";
import { MCPTransportError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type { ResolvedTarget } from "../transports/server-transport.ts";
import { toConnectError } from "./connect-error.ts";
import { connectPlan, type Way } from "./connect-plan.ts";
import type { ConnectionLog } from "./connection-log.ts";
import { lostError } from "./connection-state.ts";
import { openSession, type CreateTransport } from "./open-session.ts";
import type { ServerOffers } from "./server-offers.ts";
import type { Session, SessionHooks } from "./session.ts";
import type { ToolList } from "./tool-list.ts";

export type SessionOpenerDeps = {
  clock: Clock;
  version: string;
  createTransport: CreateTransport;
  /** @throws MCPClientError `config_invalid`, `vault_locked` */
  resolveTarget: () => ResolvedTarget | Promise<ResolvedTarget>;
  onProcess: (pid: number) => void;
};

type Parts = { log: ConnectionLog; tools: ToolList; offers: ServerOffers; hooks: SessionHooks };

/** Opens sessions with one server, with their tools, and remembers how it wants to be spoken to. */
export class SessionOpener {
  #config: ServerConfig;
  #deps: SessionOpenerDeps;
  #parts: Parts;
  #spoke: Way | null = null;

  constructor(config: ServerConfig, deps: SessionOpenerDeps, parts: Parts) {
    this.#config = config;
    this.#deps = deps;
    this.#parts = parts;
  }

  /**
   * @param onExit hears that the process ended by itself before the session could be used.
   * @throws MCPClientError, or the signal's reason; what was started is then gone.
   */
  async open(signal: AbortSignal, onExit: () => void): Promise<Session> {
    const { clock, version, createTransport, resolveTarget, onProcess } = this.#deps;
    const { log, tools, offers, hooks } = this.#parts;
    const { timeout } = this.#config;
    const target = await resolveTarget();
    signal.throwIfAborted();
    const { session, way } = await openSession({
      config: this.#config,
      target,
      ways: connectPlan(this.#config, this.#spoke),
      clock,
      version,
      signal,
      createTransport,
      hooks,
      log: (stream, text) => log.add(stream, text),
      onToolsChanged: (changed) => void tools.refresh(changed, timeout),
      onOffersChanged: (changed, kind) => void offers.refresh(changed, timeout, kind),
      onProcess,
      onExit,
    });
    this.#spoke = way;
    const failure = await tools.refresh(session, timeout);
    // Some servers greet everybody, and ask who it is only now.
    const isStranger = failure instanceof MCPTransportError && failure.code === "needs_sign_in";
    if (!signal.aborted && session.isOpen && !isStranger) {
      void offers.refresh(session, timeout);
      return session;
    }
    if (!session.isOpen && this.#config.transport === "stdio") onExit();
    await session.close();
    signal.throwIfAborted();
    if (isStranger) throw toConnectError(failure, this.#config.id);
    throw session.fault() ?? lostError(this.#config.id);
  }
}
