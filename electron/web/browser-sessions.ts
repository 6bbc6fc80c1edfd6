import type { SessionEnd } from "../../shared/web-console.ts";
import { mintToken, proves, readToken, type MintedToken } from "../core/http/access-token.ts";
import type { Clock } from "../core/ports.ts";

export type BrowserSessionsDeps = {
  clock: Clock;
  /** How long nobody may be there, milliseconds. */
  idleMs: number;
  onEnded: (session: BrowserSession, why: SessionEnd) => void;
};

/** How long before its end a session says that it will end, milliseconds; half of a time that is shorter than twice this. */
const noticeMs = 120_000;

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
  #watchers = new Set<() => void>();
  /** By the clock's own milliseconds. */
  seenAt: number;
  /** When it ends unless somebody is there; `null` while that is far off. */
  #endsAt: number | null = null;

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

  /** When it ends unless somebody shows that they are there, by the clock's own milliseconds; `null` while that is far off. */
  get endsAt(): number | null {
    return this.#endsAt;
  }

  set endsAt(at: number | null) {
    if (this.#endsAt === at) return;
    this.#endsAt = at;
    for (const watcher of this.#watchers) watcher();
  }

  /** @param watcher told when {@link endsAt} has changed. @returns a function that ends the subscription */
  onEndsAt(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
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
    this.#watchers.clear();
  }
}

/** The browsers that are logged in, for as long as this process lives. Of what they show, hashes alone are kept. */
export class BrowserSessions {
  #deps: BrowserSessionsDeps;
  #open = new Map<string, BrowserSession>();
  #looking: Disposable | undefined;
  /** Milliseconds. */
  #noticeMs: number;

  constructor(deps: BrowserSessionsDeps) {
    this.#deps = deps;
    this.#noticeMs = Math.min(noticeMs, deps.idleMs / 2);
  }

  /**
   * @param admit told how the session will be named; it begins where it returns true
   * @returns what the browser is given, once
   */
  begin(admit: (id: string) => boolean): { cookie: string; key: string } | null {
    const [cookie, key] = [mintToken(), mintToken()];
    if (!admit(cookie.id)) return null;
    this.#open.set(cookie.id, new BrowserSession(cookie, key, this.#deps.clock.now()));
    this.#looking ??= this.#deps.clock.schedule(this.#deps.idleMs - this.#noticeMs, this.#look);
    return { cookie: cookie.token, key: key.token };
  }

  /** @param cookie as the browser sent it */
  find(cookie: string | null): BrowserSession | null {
    const read = readToken(cookie ?? "");
    const session = read && this.#open.get(read.id);
    if (!session?.hasCookie(read!.secret)) return null;
    if (this.#leftMs(session) > 0) return session;
    this.end(session, "idle");
    return null;
  }

  /** Somebody is there. */
  seen(session: BrowserSession): void {
    session.seenAt = this.#deps.clock.now();
    session.endsAt = null;
  }

  end(session: BrowserSession, why: SessionEnd): void {
    if (!this.#open.delete(session.id)) return;
    session.end(why);
    this.#deps.onEnded(session, why);
  }

  close(): void {
    this.#looking?.[Symbol.dispose]();
    for (const session of this.#open.values()) this.end(session, "stopped");
  }

  #leftMs({ seenAt }: BrowserSession): number {
    return seenAt + this.#deps.idleMs - this.#deps.clock.now();
  }

  /** Ends the sessions that were idle for too long, tells those that soon will be, and comes back when the next is due. */
  #look = (): void => {
    let nextMs = Infinity;
    for (const session of this.#open.values()) {
      const leftMs = this.#leftMs(session);
      if (leftMs <= 0) {
        this.end(session, "idle");
        continue;
      }
      const isNear = leftMs <= this.#noticeMs;
      if (isNear) session.endsAt = session.seenAt + this.#deps.idleMs;
      nextMs = Math.min(nextMs, isNear ? leftMs : leftMs - this.#noticeMs);
    }
    this.#looking = nextMs === Infinity ? undefined : this.#deps.clock.schedule(nextMs, this.#look);
  };
}
