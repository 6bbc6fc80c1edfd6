import type * as Undici from "undici";

const connectTimeoutMs = 10_000;

/**
 * The connections to one HTTP server. What makes them is loaded with the first request: it takes a tenth of the memory of a process
 * whose servers all speak stdio.
 */
export class HttpPool {
  #origin: string;
  #opened: Promise<{ pool: Undici.Pool; undici: typeof Undici }> | null = null;

  constructor(origin: string) {
    this.#origin = origin;
  }

  async request(url: string | URL, options: Omit<Undici.Dispatcher.RequestOptions, "origin" | "path">) {
    this.#opened ??= open(this.#origin);
    const { pool, undici } = await this.#opened;
    return undici.request(url, { ...options, dispatcher: pool });
  }

  /** Ends whatever is under way. */
  async destroy(): Promise<void> {
    await (await this.#opened)?.pool.destroy();
  }
}

async function open(origin: string) {
  const undici = await import("undici");
  // The bounds on time are the caller's: a stream may be silent for long.
  const options = { connect: { timeout: connectTimeoutMs }, headersTimeout: 0, bodyTimeout: 0 };
  return { undici, pool: new undici.Pool(origin, options) };
}
