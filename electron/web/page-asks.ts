import type { PageAsk } from "../../shared/socket-frames.ts";
import { MCPClientError } from "../core/errors.ts";

type Waiting = { resolve: (result: unknown) => void; reject: (error: Error) => void };

/** What was asked of a page and is not answered yet. */
export class PageAsks {
  #send: (id: number, ask: PageAsk) => void;
  #waiting = new Map<number, Waiting>();
  #next = 0;
  #isOver = false;

  constructor(send: (id: number, ask: PageAsk) => void) {
    this.#send = send;
  }

  /** @throws MCPClientError `bad_request` where the page cannot, or goes before it has */
  ask(ask: PageAsk): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      if (this.#isOver) this.end();
      else this.#send(id, ask);
    });
  }

  did(id: number, result: unknown): void {
    this.#take(id)?.resolve(result);
  }

  couldNot(id: number, why: string): void {
    this.#take(id)?.reject(new MCPClientError("bad_request", why));
  }

  /** The page is gone. */
  end(): void {
    this.#isOver = true;
    for (const id of this.#waiting.keys()) this.couldNot(id, "The page was closed before it was done.");
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
