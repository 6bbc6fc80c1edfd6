import { describe, expect, it } from "vitest";
import type { Outcome } from "../../shared/errors.ts";
import type { CoreFrame, PageAsk, PageFrame } from "../../shared/socket-frames.ts";
import { LinkLostError } from "./link.ts";
import { SocketLink, type BrowserPort } from "./socket-link.ts";

type Listener = (event: { data: string; code: number; reason: string }) => void;

/** The browser's end of a socket, whose other end is the test. */
class FakeSocket {
  readonly sent: PageFrame[] = [];
  isClosed = false;
  #listeners = new Map<string, Listener[]>();

  addEventListener(name: string, listener: unknown): void {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener as Listener]);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text) as PageFrame);
  }
  close(): void {
    this.isClosed = true;
  }
  happens(name: "open" | "close", { code = 1006, reason = "" } = {}): void {
    for (const listener of this.#listeners.get(name) ?? []) listener({ data: "", code, reason });
  }
  hears(frame: CoreFrame): void {
    for (const listener of this.#listeners.get("message") ?? []) {
      listener({ data: JSON.stringify(frame), code: 0, reason: "" });
    }
  }
}

/** A browser that logs in anybody who has the token `good`, and whose time the test tells. */
class FakeBrowser implements BrowserPort {
  sockets: FakeSocket[] = [];
  timers: { at: number; callback: () => void }[] = [];
  address = "#/";
  stored: string | null = null;
  loggedIn = true;
  isReachable = true;
  asked: PageAsk[] = [];
  time = 0;

  fragment = () => this.address;
  replaceFragment = (fragment: string) => void (this.address = fragment);
  key = { read: () => this.stored, write: (key: string | null) => void (this.stored = key) };
  get = async () => {
    if (!this.isReachable) throw new TypeError("Failed to fetch");
    return { loggedIn: this.loggedIn };
  };
  post = async (path: string, body: unknown) => {
    if (!this.isReachable) throw new TypeError("Failed to fetch");
    if (path === "logout") return { loggedIn: false };
    return (body as { token: string }).token === "good" ? { key: "the key" } : null;
  };
  connect = () => {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket as never;
  };
  perform = async (ask: PageAsk) => {
    this.asked.push(ask);
    if (ask.do === "choose") throw new Error("Too large.");
    return true;
  };
  now = () => this.time;
  schedule = (delayMs: number, callback: () => void) => {
    const timer = { at: this.time + delayMs, callback };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((other) => other !== timer));
  };

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }
  async passes(ms: number): Promise<void> {
    this.time += ms;
    const due = this.timers.filter(({ at }) => at <= this.time);
    this.timers = this.timers.filter((timer) => !due.includes(timer));
    for (const { callback } of due) callback();
    await settled();
  }
}

/** What was promised by now has come about. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

async function opened() {
  const browser = new FakeBrowser();
  browser.stored = "the key";
  const link = new SocketLink(browser);
  await link.start();
  browser.socket.happens("open");
  browser.socket.hears({ kind: "welcome" });
  return { browser, link };
}

const done: Outcome<unknown> = { ok: true, value: 1 };

describe("the link over a WebSocket", () => {
  it("logs in by the address, leaves no token in it, and shows the key that it got", async () => {
    const browser = new FakeBrowser();
    browser.address = "#login=good";
    const link = new SocketLink(browser);
    await link.start();
    expect(browser.address).toBe("#/");
    expect(browser.stored).toBe("the key");
    browser.socket.happens("open");
    expect(browser.socket.sent).toEqual([{ kind: "hello", key: "the key" }]);
    expect(link.state()).toEqual({ state: "opening" });
    browser.socket.hears({ kind: "welcome" });
    expect(link.state()).toEqual({ state: "open" });
  });

  it("says that an address is used up, and tries no further", async () => {
    const browser = new FakeBrowser();
    browser.address = "#login=used";
    const link = new SocketLink(browser);
    await link.start();
    expect(link.state()).toEqual({ state: "over", why: "refused" });
    expect(browser.address).toBe("#/");
    expect(browser.sockets).toEqual([]);
    expect(browser.timers).toEqual([]);
  });

  it("tries to log in again where nobody heard it", async () => {
    const browser = new FakeBrowser();
    browser.address = "#login=good";
    browser.isReachable = false;
    const link = new SocketLink(browser);
    await link.start();
    expect(link.state().state).toBe("lost");
    browser.isReachable = true;
    await browser.passes(1_000);
    expect(browser.stored).toBe("the key");
    expect(browser.address).toBe("#/");
  });

  it("leaves the screen in the address alone", async () => {
    const browser = new FakeBrowser();
    browser.address = "#/approvals";
    await new SocketLink(browser).start();
    expect(browser.address).toBe("#/approvals");
  });

  it.each(["a session", "a key"])("asks for a login where there is not %s", async (what) => {
    const browser = new FakeBrowser();
    if (what === "a session") Object.assign(browser, { loggedIn: false, stored: "the key" });
    const link = new SocketLink(browser);
    await link.start();
    expect(link.state()).toEqual({ state: "over", why: "unknown" });
    expect(browser.stored).toBeNull();
  });

  it("brings each answer to its question, in whatever order they come", async () => {
    const { browser, link } = await opened();
    const [first, second] = [
      link.bridge.invoke("app.status", undefined),
      link.bridge.invoke("servers.list", undefined),
    ];
    expect(browser.socket.sent.slice(1)).toEqual([
      { kind: "call", id: 0, name: "app.status" },
      { kind: "call", id: 1, name: "servers.list" },
    ]);
    browser.socket.hears({ kind: "answer", id: 1, outcome: done });
    browser.socket.hears({ kind: "answer", id: 0, outcome: { ok: true, value: 0 } });
    expect(await first).toEqual({ ok: true, value: 0 });
    expect(await second).toEqual(done);
  });

  it("tells listeners of events, over a cut too, until they have heard enough", async () => {
    const { browser, link } = await opened();
    const heard: string[] = [];
    const stop = link.bridge.subscribe((events) => heard.push(...events.map(({ name }) => name)));
    const grown: CoreFrame = { kind: "events", events: [{ name: "audit.grown", payload: {} }] };
    browser.socket.hears(grown);
    browser.socket.happens("close");
    await browser.passes(1_000);
    browser.socket.happens("open");
    browser.socket.hears({ kind: "welcome" });
    browser.socket.hears(grown);
    stop();
    browser.socket.hears(grown);
    expect(heard).toEqual(["audit.grown", "audit.grown"]);
  });

  it("says of what was under way at a cut that it may have been done, and of what comes then that it was not", async () => {
    const { browser, link } = await opened();
    const under = link.bridge.invoke("circuits.reset", {});
    browser.socket.happens("close");
    await expect(under).rejects.toMatchObject({ code: "outcome_unknown" });
    await expect(link.bridge.invoke("circuits.reset", {})).rejects.toBeInstanceOf(LinkLostError);
    await expect(link.bridge.invoke("circuits.reset", {})).rejects.toMatchObject({ code: "connection_failed" });
  });

  it("comes back by itself, ever more slowly, ten seconds apart at most", async () => {
    const { browser, link } = await opened();
    browser.isReachable = false;
    browser.socket.happens("close");
    const waits: number[] = [];
    for (let count = 0; count < 8; count++) {
      const { nextAt } = link.state() as { nextAt: number };
      waits.push(nextAt - browser.time);
      await browser.passes(nextAt - browser.time);
    }
    expect(waits[0]).toBeLessThanOrEqual(500);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(5_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(10_000);
    browser.isReachable = true;
    link.retry();
    await settled();
    browser.socket.happens("open");
    browser.socket.hears({ kind: "welcome" });
    expect(link.state()).toEqual({ state: "open" });
  });

  it("asks for a login where the core was started anew meanwhile", async () => {
    const { browser, link } = await opened();
    browser.loggedIn = false;
    browser.socket.happens("close");
    await browser.passes(1_000);
    expect(link.state()).toEqual({ state: "over", why: "unknown" });
    expect(browser.timers).toEqual([]);
  });

  it("says why a session is over, and forgets its key", async () => {
    const { browser, link } = await opened();
    browser.socket.happens("close", { code: 4001, reason: "idle" });
    expect(link.state()).toEqual({ state: "over", why: "idle" });
    expect(browser.stored).toBeNull();
    await browser.passes(60_000);
    expect(browser.sockets).toHaveLength(1);
  });

  it("comes back where another page of the browser has logged in again, whose key it leaves alone", async () => {
    const { browser, link } = await opened();
    browser.stored = "a new key";
    browser.socket.happens("close", { code: 4001, reason: "logged-out" });
    expect(browser.stored).toBe("a new key");
    link.loggedInElsewhere();
    await settled();
    browser.socket.happens("open");
    expect(browser.socket.sent).toEqual([{ kind: "hello", key: "a new key" }]);
    browser.socket.hears({ kind: "welcome" });
    expect(link.state()).toEqual({ state: "open" });
  });

  it("takes a line on which nothing comes for dead", async () => {
    const { browser, link } = await opened();
    await browser.passes(30_000);
    browser.socket.hears({ kind: "beat" });
    await browser.passes(30_000);
    expect(link.state()).toEqual({ state: "open" });
    await browser.passes(10_000);
    expect(link.state().state).toBe("lost");
    expect(browser.socket.isClosed).toBe(true);
  });

  it("does what the core asks of the browser, and says why it could not", async () => {
    const { browser } = await opened();
    browser.socket.hears({ kind: "ask", id: 3, ask: { do: "open", url: "https://a.test", confirm: true } });
    browser.socket.hears({ kind: "ask", id: 4, ask: { do: "choose" } });
    await settled();
    expect(browser.asked).toHaveLength(2);
    expect(browser.socket.sent.slice(1)).toEqual([
      { kind: "did", id: 3, result: true },
      { kind: "could-not", id: 4, why: "Too large." },
    ]);
  });

  it("tells that somebody is here, twice a minute at most", async () => {
    const { browser, link } = await opened();
    for (let second = 0; second < 60; second++) {
      link.here();
      browser.time += 1_000;
    }
    expect(browser.socket.sent.filter(({ kind }) => kind === "here")).toHaveLength(2);
  });

  it("asks whether somebody is here before the session ends, and takes no chance movement for an answer", async () => {
    const { browser, link } = await opened();
    browser.socket.hears({ kind: "ending", inMs: 120_000 });
    expect(link.state()).toEqual({ state: "open", endsAt: browser.time + 120_000 });
    link.here();
    expect(browser.socket.sent.filter(({ kind }) => kind === "here")).toHaveLength(0);
    link.stay();
    expect(browser.socket.sent.filter(({ kind }) => kind === "here")).toHaveLength(1);
    browser.socket.hears({ kind: "ending", inMs: null });
    expect(link.state()).toEqual({ state: "open" });
  });

  it("does not say that it logged out where nobody heard it", async () => {
    const { browser, link } = await opened();
    browser.isReachable = false;
    await expect(link.logOut()).rejects.toBeInstanceOf(LinkLostError);
    expect(link.state()).toEqual({ state: "open" });
    expect(browser.stored).toBe("the key");
  });

  it("logs out, and does not come back", async () => {
    const { browser, link } = await opened();
    await link.logOut();
    expect(link.state()).toEqual({ state: "over", why: "logged-out" });
    expect(browser.stored).toBeNull();
    expect(browser.timers).toEqual([]);
  });
});
