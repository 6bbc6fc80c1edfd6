import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { WebSocket, WebSocketServer, type ClientOptions } from "ws";
import { FakeClock } from "../core/fake-clock.ts";
import { silentLogger } from "../core/logger.ts";
import type { Handlers } from "../ipc/handlers.ts";
import { OpenedPage } from "./fixtures/web-fixture.ts";
import { BrowserSessions, type BrowserSession } from "./browser-sessions.ts";
import { ConsoleSocket } from "./console-socket.ts";

const megabyte = "x".repeat(1_048_576);
const handlers = {
  "app.status": () => megabyte,
  "settings.get": () => new Promise(() => {}),
  "servers.list": () => [1n],
} as unknown as Handlers;

/** A page and the core's end of its socket, on a clock that the test turns. */
class SocketScene implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly page: OpenedPage;
  readonly key: string;
  core: ConsoleSocket | null = null;
  seen = 0;
  readonly sessions = new BrowserSessions({ clock: this.clock, idleMs: 1e9, onEnded: () => {} });
  readonly session: BrowserSession;
  #server: WebSocketServer;

  private constructor(server: WebSocketServer, options: ClientOptions) {
    this.#server = server;
    const { cookie, key } = this.sessions.begin(() => true)!;
    this.key = key;
    this.session = this.sessions.find(cookie)!;
    server.on("connection", (socket) => {
      this.core = new ConsoleSocket(socket, {
        ...{ clock: this.clock, logger: silentLogger, session: this.session, mask: (value) => value },
        ...{ handlersFor: () => handlers, onSeen: () => void this.seen++ },
      });
    });
    const { port } = server.address() as AddressInfo;
    this.page = new OpenedPage(new WebSocket(`ws://127.0.0.1:${port}`, options));
  }

  static async open(options: ClientOptions = {}): Promise<SocketScene> {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    const scene = new SocketScene(server, options);
    await scene.page.opened;
    return scene;
  }

  get openSockets(): number {
    return this.#server.clients.size;
  }

  async welcome(): Promise<void> {
    this.page.send({ kind: "hello", key: this.key });
    await this.page.next("welcome");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe("the core's end of a page's socket", () => {
  it("closes where the page does not show its key in time", async () => {
    await using scene = await SocketScene.open();
    await scene.clock.advance(5_000);
    expect((await scene.page.closed).code).toBe(1008);
    expect(scene.clock.pending).toBe(1);
  });

  it("tells now and then that the line stands, and takes it down where the page is gone", async () => {
    await using scene = await SocketScene.open({ autoPong: false });
    await scene.welcome();
    await scene.clock.advance(15_000);
    await scene.page.next("beat");
    await scene.clock.advance(15_000);
    expect((await scene.page.closed).code).toBe(1006);
  });

  it("leaves a page alone that answers", async () => {
    await using scene = await SocketScene.open();
    await scene.welcome();
    for (let count = 1; count <= 4; count++) {
      const pinged = once(scene.page.socket, "ping");
      await scene.clock.advance(15_000);
      await pinged;
      // What comes after the pong has come after it there, too.
      await scene.page.call("no.such");
    }
    expect(scene.page.socket.readyState).toBe(WebSocket.OPEN);
  });

  it("is taken from a page that reads nothing of what it asked for, before that fills the memory", async () => {
    await using scene = await SocketScene.open();
    await scene.welcome();
    scene.page.socket.pause();
    for (let id = 0; id < 100; id++) scene.page.send({ kind: "call", id, name: "app.status" });
    await vi.waitFor(() => expect(scene.openSockets).toBe(0), { timeout: 10_000 });
  });

  it("refuses a page that asks for too much at once, and counts only what is under way", async () => {
    await using scene = await SocketScene.open();
    await scene.welcome();
    for (let id = 0; id < 512; id++) scene.page.send({ kind: "call", id: 1_000 + id, name: "settings.get" });
    expect(await scene.page.call("app.status")).toMatchObject({ ok: false, error: { code: "rate_limited" } });
  });

  it("tells a page nothing before it is welcome", async () => {
    await using scene = await SocketScene.open();
    expect(scene.core!.isWelcome).toBe(false);
    await scene.welcome();
    expect(scene.core!.isWelcome).toBe(true);
  });

  it("says that it failed where an answer cannot be written, and goes on", async () => {
    await using scene = await SocketScene.open();
    await scene.welcome();
    expect(await scene.page.call("servers.list")).toMatchObject({ ok: false, error: { code: "internal" } });
    expect(await scene.page.call("app.status")).toMatchObject({ ok: true });
  });

  it("tells the page that its session ends soon, if it only comes then too, and that it does not any more", async () => {
    await using scene = await SocketScene.open({ autoPong: false });
    scene.session.endsAt = scene.clock.now() + 90_000;
    await scene.welcome();
    expect(await scene.page.next("ending")).toEqual({ kind: "ending", inMs: 90_000 });
    scene.sessions.seen(scene.session);
    expect(await scene.page.next("ending", ({ inMs }) => inMs === null)).toEqual({ kind: "ending", inMs: null });
  });

  it("hears that somebody is there, and does not take a page that comes back for it", async () => {
    await using scene = await SocketScene.open();
    await scene.welcome();
    expect(scene.seen).toBe(0);
    scene.page.send({ kind: "here" });
    await scene.page.call("no.such");
    expect(scene.seen).toBe(1);
  });
});
