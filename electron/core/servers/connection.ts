/** One server's connection: a state machine that keeps one session open, and opens another when that one dies. */

import type { Tool } from "@modelcontextprotocol/client";
import type { ConnectionState, ServerConfig, ServerLogLine } from "../../../shared/server.ts";
import { MCPTransportError, toClientError, type MCPClientError } from "../errors.ts";
import { parkCauseOf } from "./connect-error.ts";
import type { ConnectionDeps } from "./connection-deps.ts";
import { ConnectionLog } from "./connection-log.ts";
import { assertMayOpen, closedError, connectingState, lostError, parkedState, readyState } from "./connection-state.ts";
import { Doubt } from "./doubt.ts";
import { ExitWindow } from "./exit-window.ts";
import { HealthCheck } from "./health-check.ts";
import { reconnectDelay } from "./reconnect-delay.ts";
import { ServerOffers } from "./server-offers.ts";
import { SessionOpener } from "./session-opener.ts";
import type { Session, SessionHooks } from "./session.ts";
import { ToolList, type KnownTool } from "./tool-list.ts";
import { whenIdle } from "./when-idle.ts";
import { withAbort } from "./with-abort.ts";

/** A session that lived this long was a good one, and attempts are counted anew; milliseconds. */
const steadyMs = 10_000;
const shownStderrLines = 20;

export class ServerConnection {
  readonly config: ServerConfig;
  /** What it offers beside tools. */
  readonly offers: ServerOffers;
  #deps: ConnectionDeps;
  #state: ConnectionState = { kind: "idle" };
  #session: Session | null = null;
  #opening: { promise: Promise<Session>; abort: AbortController } | null = null;
  #closing: Promise<unknown> = Promise.resolve();
  #pause: Disposable | null = null;
  #renewal: Disposable | null = null;
  #attempt = 0;
  #capabilities: string[] = [];
  #health: HealthCheck | null = null;
  #exits: ExitWindow;
  #log: ConnectionLog;
  #tools: ToolList;
  #opener: SessionOpener;
  #doubt: Doubt;
  #readySince = 0;
  /** Why it is not connected, since it last was or was closed. */
  #failure: MCPClientError | null = null;

  constructor(config: ServerConfig, deps: ConnectionDeps) {
    this.config = config;
    this.#deps = deps;
    this.#exits = new ExitWindow(deps.clock);
    this.#doubt = new Doubt(deps.clock, config);
    this.#log = new ConnectionLog(deps.clock, deps.redactor);
    this.#tools = new ToolList(config.id, this.#log, deps);
    this.offers = new ServerOffers(this.#log, deps);
    const hooks: SessionHooks = {
      onEnd: (session, fault) => this.#onEnd(session, fault),
      onDoubt: (session, error) => this.#onDoubt(session, error),
      onResourceUpdated: (uri) => this.#deps.onResourceUpdated(uri),
      replace: (session, signal) => this.#replace(session, signal),
    };
    this.#opener = new SessionOpener(config, deps, { log: this.#log, tools: this.#tools, offers: this.offers, hooks });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get tools(): readonly KnownTool[] {
    return this.#tools.known;
  }

  /** One tool's definition, as the server last gave it. */
  tool(name: string): Tool | undefined {
    return this.#tools.find(name);
  }

  get toolsStale(): boolean {
    return this.#tools.isStale;
  }

  get capabilities(): string[] {
    return this.#capabilities;
  }

  log(): ServerLogLine[] {
    return this.#log.lines();
  }

  /** The session, where `session` would hand it out at once. */
  get readySession(): Session | null {
    const session = this.#session;
    return session?.isOpen && !this.#doubt.about(session) ? session : null;
  }

  /**
   * The session, opened if need be; whoever asks meanwhile shares it. One that has been silent for longer than `keep_alive` is
   * pinged first, as is one that nothing was heard of since the world changed, and replaced where it is dead.
   * @throws MCPClientError whose `sent`, where it has one, is false; or the signal's reason.
   */
  async session(signal?: AbortSignal): Promise<Session> {
    const session = this.#session;
    if (session?.isOpen && (!this.#doubt.about(session) || (await this.#answersPing(session)))) return session;
    return withAbort(this.#open(), signal);
  }

  /** An operator's order, or the manager's: connects now, whatever came before. Rejects as the first attempt does. */
  async connect(): Promise<void> {
    if (this.#session?.isOpen) return;
    this.#deps.assertAllowed();
    this.#exits.clear();
    this.#attempt = 0;
    if (this.#state.kind === "parked" || this.#state.kind === "closed") this.#state = { kind: "idle" };
    await this.#open();
  }

  /** Closes whatever is open or under way, and stays closed until `connect`. Resolves once the process is gone. */
  async disconnect(reason: string): Promise<void> {
    this.#pause?.[Symbol.dispose]();
    const opening = this.#opening;
    this.#opening = null;
    opening?.abort.abort(closedError(this.config.id, reason));
    this.#closing = Promise.allSettled([this.#closing, opening?.promise]);
    this.#release();
    this.#failure = null;
    if (this.#state.kind !== "closed") this.#log.add("connection", `Closed: ${reason}`);
    this.#enter({ kind: "closed", reason });
    await this.#closing;
  }

  /** For whoever knows that the world changed: the machine woke, the network is another. */
  checkNow(): void {
    this.#doubt.worldChanged();
    if (this.#session && this.#doubt.about(this.#session)) this.#health?.checkNow();
    if (this.#state.kind !== "reconnecting") return;
    this.#attempt = 0;
    this.#openUnattended();
  }

  /**
   * What it connects with has changed. An open session is replaced once its calls are answered, and after `timeout` at the latest;
   * one that was waiting is opened now. What nobody has opened yet, or somebody has closed, stays as it is.
   */
  renew(reason: string): void {
    const again = () => this.renew(reason);
    if (this.#opening) return void this.#opening.promise.then(again, again);
    const session = this.#session;
    if (session) {
      this.#renewal?.[Symbol.dispose]();
      this.#renewal = whenIdle(session, this.#deps.clock, this.config.timeout, () => {
        if (session !== this.#session) return;
        this.#log.add("connection", reason);
        this.#release();
        this.#openUnattended();
      });
    } else if (this.#state.kind === "parked" || this.#state.kind === "reconnecting") {
      this.connect().catch(() => {});
    }
  }

  async #answersPing(session: Session): Promise<boolean> {
    const failure = await this.#doubt.settle(session);
    if (failure && this.#session === session) {
      this.#log.add("connection", `The session is dead, and is replaced: ${failure.message}`);
      this.#release();
    }
    return failure === null;
  }

  #open(): Promise<Session> {
    if (this.#opening) return this.#opening.promise;
    if (this.#session?.isOpen) return Promise.resolve(this.#session);
    try {
      assertMayOpen(this.config.id, this.#state);
      this.#deps.assertAllowed();
    } catch (error) {
      return Promise.reject(error);
    }
    this.#pause?.[Symbol.dispose]();
    const abort = new AbortController();
    const promise = this.#attemptOpen(abort.signal);
    this.#opening = { abort, promise };
    this.#enter(connectingState(this.#failure, this.#deps.clock.wallNow()));
    return promise;
  }

  /** Nobody waits for it: the state tells how it went. */
  #openUnattended(): void {
    this.#open().catch(() => {});
  }

  async #attemptOpen(signal: AbortSignal): Promise<Session> {
    let hasExited = false;
    try {
      // Two processes of one server might fight over its files.
      await this.#closing;
      signal.throwIfAborted();
      const session = await this.#opener.open(signal, () => (hasExited = true));
      this.#session = session;
      this.#opening = null;
      this.#becomeReady(session);
      return session;
    } catch (cause) {
      const error = this.#deps.redactor.error(toClientError(cause));
      if (!signal.aborted) {
        this.#opening = null;
        this.#fail(error, hasExited);
      }
      throw error;
    }
  }

  #becomeReady(session: Session): void {
    const { clock, random } = this.#deps;
    this.#readySince = clock.wallNow();
    this.#failure = null;
    this.#capabilities = this.#deps.redactor.value(session.capabilities);
    this.#health = new HealthCheck({
      ...{ clock, random, session },
      intervalMs: this.config.keep_alive,
      hooks: {
        onPong: (pingMs) => this.#showReady(session, pingMs),
        onMiss: ({ message }) => this.#enter({ kind: "degraded", since: clock.wallNow(), reason: message }),
        onDead: (error) => this.#lose(session, toClientError(error)),
      },
    });
    this.#log.add("connection", `Connected: ${session.serverInfo.name}, protocol ${session.protocolVersion}.`);
    this.#showReady(session, null);
    this.#deps.onSession(session);
  }

  #showReady(session: Session, pingMs: number | null): void {
    this.#doubt.answered();
    this.#enter(readyState(session, this.#readySince, this.#deps.clock.wallNow(), pingMs));
  }

  /** The session is gone, or as good as gone: lets it go and starts over. */
  #lose(session: Session, error: MCPClientError, hasExited = false): void {
    if (session !== this.#session) return;
    if (this.#deps.clock.now() - session.openedAt >= steadyMs) this.#attempt = 0;
    this.#release();
    this.#fail(error, hasExited);
  }

  #onEnd(session: Session, fault: MCPTransportError | null): void {
    this.#lose(session, fault ?? lostError(this.config.id), this.config.transport === "stdio");
  }

  #onDoubt(session: Session, error: MCPTransportError): void {
    if (session !== this.#session) return;
    if (error.code === "needs_sign_in") this.#lose(session, error);
    else this.#health?.checkNow();
  }

  #replace(expired: Session, signal: AbortSignal | undefined): Promise<Session> {
    if (expired === this.#session) {
      this.#log.add("connection", "The server no longer knows the session; it is opened again.");
      this.#release();
    }
    return this.session(signal);
  }

  #release(): void {
    const session = this.#session;
    this.#session = null;
    this.#renewal?.[Symbol.dispose]();
    this.#health?.stop();
    this.#health = null;
    if (session) this.#closing = Promise.allSettled([this.#closing, session.close()]);
    this.#tools.markStale();
    this.offers.markStale();
  }

  #fail(error: MCPClientError, hasExited: boolean): void {
    this.#log.add("connection", error.message);
    this.#failure = error;
    const cause = parkCauseOf(error) ?? (hasExited && this.#exits.record() ? "exits" : null);
    if (!cause) return this.#reconnect(error);
    this.#enter(parkedState(cause, error, this.#deps.clock.wallNow(), this.#log.lastStderr(shownStderrLines)));
  }

  #reconnect(error: MCPClientError): void {
    const { clock, random } = this.#deps;
    const attempt = ++this.#attempt;
    const askedMs = error instanceof MCPTransportError ? error.retryAfterMs : undefined;
    const delayMs = Math.max(reconnectDelay(attempt, random), askedMs ?? 0);
    this.#pause = clock.schedule(delayMs, () => this.#openUnattended());
    const nextAttemptAt = clock.wallNow() + delayMs;
    this.#enter({ kind: "reconnecting", attempt, nextAttemptAt, reason: error.message, hint: error.hint });
  }

  /** Secrets are masked here, once: what a server says of itself or of a failure may repeat what it was sent. */
  #enter(state: ConnectionState): void {
    this.#state = this.#deps.redactor.value(state);
    this.#deps.onChange();
  }
}
