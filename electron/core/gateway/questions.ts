import type { InputRequest, InputResponse } from "../../../shared/input.ts";

type Question = { request: InputRequest; resolve: (response: InputResponse) => void };
type Asked = { kind: "asked"; requests: Record<string, InputRequest> };

/** What a caller of the newer line is to be asked: it hears of it as its call's result, and brings the answers with its next request. */
export class Questions {
  #open = new Map<string, Question>();
  /** Under the server's own keys. */
  #brought: Map<string, InputResponse>;
  #count = 0;
  #heed: ((asked: Asked) => void) | null = null;

  /** @param brought answers that came with the call itself: its caller knew what would be asked */
  constructor(brought: Record<string, InputResponse> = {}) {
    this.#brought = new Map(Object.entries(brought).filter(([, response]) => isAnswer(response)));
  }

  /** @throws what the signal is aborted with */
  add(request: InputRequest, signal: AbortSignal): Promise<InputResponse> {
    const own = request.key;
    const brought = own === undefined ? undefined : this.#brought.get(own);
    // Once: asked again, it did not do.
    if (own !== undefined && this.#brought.delete(own)) return Promise.resolve(brought!);
    const key = own === undefined || this.#open.has(own) ? `input-${(this.#count += 1)}` : own;
    return new Promise<InputResponse>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const onAbort = () => {
        this.#open.delete(key);
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      const settle = (response: InputResponse) => {
        signal.removeEventListener("abort", onAbort);
        resolve(response);
      };
      this.#open.set(key, { request, resolve: settle });
      // A server may ask for several things at once.
      queueMicrotask(() => this.#tell());
    });
  }

  /** Lets go of what was not asked. */
  answer(responses: Record<string, InputResponse>): void {
    for (const [key, response] of Object.entries(responses)) {
      this.#open.get(key)?.resolve(response);
      this.#open.delete(key);
    }
  }

  /** @param heed hears, once, that there is something to ask; `null` where nobody is there to hear it */
  whenAsked(heed: ((asked: Asked) => void) | null): void {
    this.#heed = heed;
    if (heed) this.#tell();
  }

  #tell(): void {
    if (this.#open.size === 0) return;
    const requests = [...this.#open].map(([key, { request }]) => [key, request] as const);
    this.#heed?.({ kind: "asked", requests: Object.fromEntries(requests) });
    this.#heed = null;
  }
}

/** What a caller sends may be anything. */
function isAnswer(response: unknown): boolean {
  return typeof response === "object" && response !== null && !Array.isArray(response);
}
