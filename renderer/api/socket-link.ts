import type { Bridge, EventMessage } from "../../shared/contract.ts";
import type { CoreFrame, PageAsk, PageFrame } from "../../shared/socket-frames.ts";
import {
  loginFragment,
  sessionOverCode,
  type LoggedIn,
  type LoginState,
  type SessionEnd,
} from "../../shared/web-console.ts";
import { LinkLostError, type Link, type LinkState } from "./link.ts";

type Socket = Pick<WebSocket, "send" | "close" | "addEventListener">;

/** What the link asks of the browser. */
export type BrowserPort = {
  /** The page's fragment, `#` included. */
  fragment(): string;
  /** Puts another in its place, without a trace in the history. */
  replaceFragment(fragment: string): void;
  /** The key that shows that this origin logged in, kept over reloads. */
  key: { read(): string | null; write(key: string | null): void };
  /** Asks the server of the page for JSON. @throws where it cannot be reached. @returns `null` where it refuses */
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
  connect(path: string): Socket;
  /** Does what the core asks of the browser. @throws Error that says why not */
  perform(ask: PageAsk): Promise<unknown>;
  now(): number;
  schedule(delayMs: number, callback: () => void): () => void;
};

type Waiting = { resolve: (outcome: unknown) => void; reject: (error: Error) => void };

/** How long it is waited before the first try, doubled for each that fails, milliseconds. */
const firstDelayMs = 500;
const longestDelayMs = 10_000;
/** The core tells each 15 s that it is there; after this long without a word the line is dead. */
const silenceMs = 40_000;
/** How often it is told that somebody is here, milliseconds. */
const hereMs = 30_000;

/** The contract over a WebSocket: logs in by the address that was opened, and comes back by itself where the line is cut. */
export class SocketLink implements Link {
  #port: BrowserPort;
  #state: LinkState = { state: "opening" };
  #watchers = new Set<() => void>();
  #listeners = new Set<(events: readonly EventMessage[]) => void>();
  #socket: Socket | null = null;
  #key: string | null = null;
  #waiting = new Map<number, Waiting>();
  #next = 0;
  #failures = 0;
  #hereAt = -Infinity;
  #stopTimer = () => {};

  readonly bridge: Bridge = {
    invoke: (name, input) => this.#invoke(name, input),
    subscribe: (listener) => {
      this.#listeners.add(listener);
      return () => void this.#listeners.delete(listener);
    },
  };
  readonly state = () => this.#state;
  readonly watch = (listener: () => void) => {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  };

  constructor(port: BrowserPort) {
    this.#port = port;
  }

  /** Logs in, where the address says by what, and connects. */
  async start(): Promise<void> {
    const token = this.#takeToken();
    if (token !== null) {
      try {
        const answer = (await this.#port.post("login", { token })) as LoggedIn | null;
        if (!answer) return this.#become({ state: "over", why: "refused" });
        this.#port.key.write(answer.key);
      } catch {
        // Nobody heard it, so it can be tried again.
        this.#port.replaceFragment(loginFragment + token);
        return this.#retryLater(() => void this.start());
      }
    }
    return this.#connect();
  }

  /** A key was pressed or a pointer moved. Not heard while a person is asked whether they are here: the question must not go from under a click. */
  here(): void {
    if (this.#state.state !== "open" || this.#state.endsAt !== undefined) return;
    if (this.#port.now() - this.#hereAt >= hereMs) this.stay();
  }

  readonly stay = (): void => {
    this.#hereAt = this.#port.now();
    this.#send({ kind: "here" });
  };

  readonly retry = (): void => {
    if (this.#state.state === "lost" && this.#state.nextAt !== null) void this.#connect();
  };

  /** Another page of this browser has logged in. */
  loggedInElsewhere(): void {
    if (this.#state.state === "over") void this.#connect();
  }

  readonly logOut = async (): Promise<void> => {
    await this.#port.post("logout", {}).catch(() => {
      throw new LinkLostError(false);
    });
    this.#end("logged-out");
  };

  #takeToken(): string | null {
    const fragment = this.#port.fragment();
    if (!fragment.startsWith(loginFragment)) return null;
    this.#port.replaceFragment("#/");
    return fragment.slice(loginFragment.length);
  }

  async #connect(): Promise<void> {
    this.#stopTimer();
    if (this.#state.state === "lost") this.#become({ state: "lost", nextAt: null });
    const key = this.#port.key.read();
    this.#key = key;
    try {
      const answer = (await this.#port.get("session")) as LoginState | null;
      if (!answer?.loggedIn || key === null) return this.#end("unknown");
    } catch {
      return this.#retryLater();
    }
    const socket = this.#port.connect("socket");
    this.#socket = socket;
    socket.addEventListener("open", () => this.#send({ kind: "hello", key }));
    socket.addEventListener("message", ({ data }) => {
      if (this.#socket === socket) this.#hear(JSON.parse(String(data)) as CoreFrame);
    });
    socket.addEventListener("close", ({ code, reason }) => {
      if (this.#socket !== socket) return;
      if (code === sessionOverCode) this.#end(reason as SessionEnd);
      else this.#lose();
    });
    this.#expectWord();
  }

  #hear(frame: CoreFrame): void {
    this.#expectWord();
    switch (frame.kind) {
      case "welcome":
        this.#failures = 0;
        return this.#become({ state: "open" });
      case "beat":
        return;
      case "ending":
        return this.#become({ state: "open", ...(frame.inMs !== null && { endsAt: this.#port.now() + frame.inMs }) });
      case "answer":
        this.#take(frame.id)?.resolve(frame.outcome);
        return;
      case "events":
        for (const listener of this.#listeners) listener(frame.events);
        return;
      case "ask":
        this.#port.perform(frame.ask).then(
          (result) => this.#send({ kind: "did", id: frame.id, result }),
          (error: Error) => this.#send({ kind: "could-not", id: frame.id, why: error.message.slice(0, 1000) }),
        );
    }
  }

  #invoke(name: string, input: unknown): Promise<unknown> {
    if (this.#state.state !== "open") return Promise.reject(new LinkLostError(false));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ kind: "call", id, name, input });
    });
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #send(frame: PageFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  #expectWord(): void {
    this.#stopTimer();
    this.#stopTimer = this.#port.schedule(silenceMs, () => this.#lose());
  }

  #lose(): void {
    this.#drop();
    this.#retryLater();
  }

  #end(why: SessionEnd): void {
    this.#drop();
    // Another page may have logged in again meanwhile.
    if (this.#port.key.read() === this.#key) this.#port.key.write(null);
    this.#become({ state: "over", why });
  }

  #drop(): void {
    this.#stopTimer();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    for (const id of this.#waiting.keys()) this.#take(id)?.reject(new LinkLostError(true));
  }

  #retryLater(again = () => void this.#connect()): void {
    // Half of it by chance, so that many pages do not come at once.
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** this.#failures++) * (0.5 + Math.random() / 2);
    this.#stopTimer();
    this.#stopTimer = this.#port.schedule(delayMs, again);
    this.#become({ state: "lost", nextAt: this.#port.now() + delayMs });
  }

  #become(state: LinkState): void {
    this.#state = state;
    for (const watcher of this.#watchers) watcher();
  }
}
