import type { SessionEnd } from "../../shared/web-console.ts";
import { mintToken, proves, readToken, type MintedToken } from "../core/http/access-token.ts";
import type { Clock } from "../core/ports.ts";

export type BrowserSessionsDeps = {
  clock: Clock;
  /** How long nobody may be there, milliseconds. */
  idleMs: number;
  onEnded: (session: BrowserSession, why: SessionEnd) => void;
};

/** How often it is looked whether anybody is still there, milliseconds. */
const sweepMs = 15_000;

/**
 * One browser that is logged in. It shows two things: the cookie, which no script can read, and a key that its page keeps by origin,
 * since a cookie goes to every port of the host, and so to whoever else listens on this machine.
 */
export class BrowserSession {
  /** How records name it; no secret. */
  readonly id: string;
  #cookieHash: string;
  #keyHash: string;
  #over: SessionEnd | null = null;
  #listeners = new Set<(why: SessionEnd) => void>();
  seenAt: number;

  constructor(cookie: MintedToken, key: MintedToken, now: number) {
    this.id = cookie.id;
    this.#cookieHash = cookie.hash;
    this.#keyHash = key.hash;
    this.seenAt = now;
  }

  /** Why it is over; `null` while it is not. */
  get over(): SessionEnd | null {
    return this.#over;
  }

  /** @param listener told once, when it is over. @returns a function that ends the subscription */
  onOver(listener: (why: SessionEnd) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  hasCookie(secret: string): boolean {
    return proves(secret, this.#cookieHash);
  }

  hasKey(key: string): boolean {
    const read = readToken(key);
    return read !== null && proves(read.secret, this.#keyHash);
  }

  end(why: SessionEnd): void {
    this.#over = why;
    for (const listener of this.#listeners) listener(why);
    this.#listeners.clear();
  }
}

/** The browsers that are logged in, for as long as this process lives. Of what they show, hashes alone are kept. */
export class BrowserSessions {
  #deps: BrowserSessionsDeps;
  #open = new Map<string, BrowserSession>();
  #sweeping: Disposable | undefined;

  constructor(deps: BrowserSessionsDeps) {
    this.#deps = deps;
  }

  /**
   * @param admit told how the session will be named; it begins where it returns true
   * @returns what the browser is given, once
   */
  begin(admit: (id: string) => boolean): { cookie: string; key: string } | null {
    const [cookie, key] = [mintToken(), mintToken()];
    if (!admit(cookie.id)) return null;
    this.#open.set(cookie.id, new BrowserSession(cookie, key, this.#deps.clock.now()));
    this.#sweeping ??= this.#deps.clock.schedule(sweepMs, this.#sweep);
    return { cookie: cookie.token, key: key.token };
  }

  /** @param cookie as the browser sent it */
  find(cookie: string | null): BrowserSession | null {
    const read = readToken(cookie ?? "");
    const session = read && this.#open.get(read.id);
    if (!session?.hasCookie(read!.secret)) return null;
    if (!this.#isIdle(session)) return session;
    this.end(session, "idle");
    return null;
  }

  /** Somebody is there. */
  seen(session: BrowserSession): void {
    session.seenAt = this.#deps.clock.now();
  }

  end(session: BrowserSession, why: SessionEnd): void {
    if (!this.#open.delete(session.id)) return;
    session.end(why);
    this.#deps.onEnded(session, why);
  }

  close(): void {
    this.#sweeping?.[Symbol.dispose]();
    for (const session of this.#open.values()) this.end(session, "stopped");
  }

  #isIdle({ seenAt }: BrowserSession): boolean {
    return this.#deps.clock.now() - seenAt >= this.#deps.idleMs;
  }

  #sweep = (): void => {
    for (const session of this.#open.values()) if (this.#isIdle(session)) this.end(session, "idle");
    this.#sweeping = this.#open.size > 0 ? this.#deps.clock.schedule(sweepMs, this.#sweep) : undefined;
  };
}
