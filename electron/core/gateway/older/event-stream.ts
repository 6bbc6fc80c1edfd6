import type { ServerResponse } from "node:http";
import type { Clock } from "../../ports.ts";
import type { LoggedEvent } from "./event-log.ts";

/** What keeps those in between from taking a quiet stream for a dead one, milliseconds. */
const keepAliveMs = 15_000;
/** How much may wait for a client that does not read, bytes: its stream ends then, and it may come back for the rest. */
const mostUnread = 16 * 1_048_576;

/** Server-sent events to one client, each with the id that it can be asked for again by. */
export class EventStream {
  #response: ServerResponse;
  #clock: Clock;
  #quiet: Disposable;

  constructor(response: ServerResponse, clock: Clock, sessionId: string) {
    this.#response = response;
    this.#clock = clock;
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      "mcp-session-id": sessionId,
    });
    response.flushHeaders();
    this.#quiet = this.#keepAlive();
    response.once("close", () => this.#quiet[Symbol.dispose]());
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  /** One without data only says where the client is. */
  write({ id, data }: LoggedEvent): void {
    this.#send(data === "" ? `id: ${id}\ndata: \n\n` : `event: message\nid: ${id}\ndata: ${data}\n\n`);
  }

  end(): void {
    this.#response.end();
  }

  #send(text: string): void {
    if (!this.isOpen) return;
    if (this.#response.writableLength > mostUnread) return void this.#response.destroy();
    this.#response.write(text);
  }

  #keepAlive(): Disposable {
    return this.#clock.schedule(keepAliveMs, () => {
      this.#send(": still here\n\n");
      if (this.isOpen) this.#quiet = this.#keepAlive();
    });
  }
}
