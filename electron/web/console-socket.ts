import type { RawData, WebSocket } from "ws";
import { pageFrameSchema, type CoreFrame } from "../../shared/socket-frames.ts";
import { sessionOverCode, type SessionEnd } from "../../shared/web-console.ts";
import { MCPClientError } from "../core/errors.ts";
import type { Clock, Logger } from "../core/ports.ts";
import type { Handlers } from "../ipc/handlers.ts";
import { runProcedure } from "../ipc/run-procedure.ts";
import type { BrowserSession } from "./browser-sessions.ts";
import { PageAsks } from "./page-asks.ts";

export type ConsoleSocketDeps = {
  clock: Clock;
  logger: Logger;
  session: BrowserSession;
  /** Masks secrets in whatever the page is told: the last of several nets. */
  mask: <T>(value: T) => T;
  handlersFor: (asks: PageAsks) => Handlers;
  /** A person is there. */
  onSeen: () => void;
};

/** Bytes of a frame from a page: as much as a body may hold that a client sends. */
export const largestFrame = 4 * 1_048_576;
/** How long a page may take to show its key, milliseconds. */
const helloMs = 5_000;
/** How often it is looked whether the page is still there, milliseconds. */
const beatMs = 15_000;
/** Procedures of one page at a time; a page that asks for more has gone wrong. */
const mostRunning = 512;
/** Bytes that may wait for a page that does not read. */
const mostWaiting = 32 * 1_048_576;
/** WebSocket's code for what breaks the rules. */
const policyViolation = 1008;

/** One page that is open in a browser, and speaks the contract. */
export class ConsoleSocket {
  #deps: ConsoleSocketDeps;
  #socket: WebSocket;
  #asks: PageAsks;
  #handlers: Handlers | null = null;
  #timer: Disposable;
  #running = 0;
  #isThere = true;

  constructor(socket: WebSocket, deps: ConsoleSocketDeps) {
    const { clock, session } = deps;
    this.#deps = deps;
    this.#socket = socket;
    this.#asks = new PageAsks((id, ask) => this.#send({ kind: "ask", id, ask }));
    this.#timer = clock.schedule(helloMs, () => this.#refuse("no key"));
    const stopHearing = session.onOver((why) => this.#socket.close(sessionOverCode, why));
    const stopWatching = session.onEndsAt(() => this.isWelcome && this.#tellEnding());
    socket.on("message", (data, isBinary) => this.#hear(data, isBinary));
    socket.on("pong", () => (this.#isThere = true));
    // What a socket fails with is told by its end.
    socket.on("error", () => {});
    socket.once("close", () => {
      stopHearing();
      stopWatching();
      this.#timer[Symbol.dispose]();
      this.#asks.end();
    });
    if (session.over !== null) socket.close(sessionOverCode, session.over);
  }

  /** Whether the page has shown its key. */
  get isWelcome(): boolean {
    return this.#handlers !== null;
  }

  /** @param text a frame */
  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    // It comes back, and asks for everything anew.
    if (this.#socket.bufferedAmount > mostWaiting) return this.#socket.terminate();
    this.#socket.send(text);
  }

  #hear(data: RawData, isBinary: boolean): void {
    const frame = isBinary ? null : readFrame(data);
    if (!frame) return this.#refuse("a frame that it should not have");
    if (this.#handlers === null) {
      if (frame.kind !== "hello") return this.#refuse("something before its key");
      return this.#deps.session.hasKey(frame.key) ? this.#welcome() : this.#refuse("a wrong key", sessionOverCode);
    }
    switch (frame.kind) {
      case "hello":
        return this.#refuse("a second key");
      case "call":
        return void this.#call(this.#handlers, frame.id, frame.name, frame.input);
      case "did":
        return this.#asks.did(frame.id, frame.result);
      case "could-not":
        return this.#asks.couldNot(frame.id, frame.why);
      case "here":
        return this.#deps.onSeen();
    }
  }

  #welcome(): void {
    this.#handlers = this.#deps.handlersFor(this.#asks);
    this.#send({ kind: "welcome" });
    if (this.#deps.session.endsAt !== null) this.#tellEnding();
    this.#beatSoon();
  }

  #tellEnding(): void {
    const { clock, session } = this.#deps;
    this.#send({ kind: "ending", inMs: session.endsAt && Math.max(0, session.endsAt - clock.now()) });
  }

  async #call(handlers: Handlers, id: number, name: string, input: unknown): Promise<void> {
    if (this.#running >= mostRunning) {
      const error = new MCPClientError("rate_limited", "The page asks for too much at once.").toWire();
      return this.#send({ kind: "answer", id, outcome: { ok: false, error } });
    }
    this.#running += 1;
    const { logger, mask } = this.#deps;
    const outcome = await runProcedure({ handlers, logger, mask }, name, input);
    this.#running -= 1;
    try {
      this.#send({ kind: "answer", id, outcome });
    } catch (error) {
      logger.error("An answer could not be written as JSON.", { procedure: name, error });
      const failure = new MCPClientError("internal", "The answer could not be written; Switchgear's log says why.");
      this.#send({ kind: "answer", id, outcome: { ok: false, error: failure.toWire() } });
    }
  }

  #beatSoon(): void {
    this.#timer[Symbol.dispose]();
    this.#timer = this.#deps.clock.schedule(beatMs, () => {
      if (!this.#isThere) return this.#socket.terminate();
      this.#isThere = false;
      this.#socket.ping();
      this.#send({ kind: "beat" });
      this.#beatSoon();
    });
  }

  #refuse(why: string, code = policyViolation): void {
    this.#deps.logger.info("The console refused a page.", { session: this.#deps.session.id, why: `It sent ${why}.` });
    this.#socket.removeAllListeners("message");
    this.#socket.close(code, code === sessionOverCode ? ("unknown" satisfies SessionEnd) : "");
  }

  #send(frame: CoreFrame): void {
    this.send(JSON.stringify(frame));
  }
}

function readFrame(data: RawData) {
  try {
    const text = (data as Buffer).toString("utf8");
    return pageFrameSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
