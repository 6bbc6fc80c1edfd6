import type { Answer } from "./lean-client.ts";

type Waiting = { resolve(answer: Answer): void; reject(error: Error): void };

/** Requests on a wire whose answers come in any order. */
export class WaitingAnswers {
  #waiting = new Map<number, Waiting>();

  wait(id: number): Promise<Answer> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** @param text a message; what answers nothing is left aside */
  take(text: string): void {
    const message = JSON.parse(text) as Answer & { id?: number };
    if (message.id === undefined) return;
    this.#waiting.get(message.id)?.resolve(message);
    this.#waiting.delete(message.id);
  }

  fail(error: Error): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
