/** A newer Switchgear: looked for where a feed is set, fetched and installed only when a person says so. */
import type { UpdateState } from "../../shared/desktop.ts";
import { MCPClientError } from "../core/errors.ts";
import type { Clock, Logger } from "../core/ports.ts";

/** Where newer versions come from. */
export type UpdateFeed = {
  /** @returns the newer version; `null` where this is the newest. */
  check(): Promise<string | null>;
  /** Fetches what `check` found, and compares it with the hash that the feed names. @param onProgress per cent */
  download(onProgress: (percent: number) => void): Promise<void>;
  /** Quits, and starts again as the newer version. */
  install(): void;
};

export type UpdatesDeps = {
  /** `null` where none is set. */
  feed: UpdateFeed | null;
  clock: Clock;
  logger: Pick<Logger, "warn">;
  onChange: () => void;
};

/** The variable that names a feed: the folder of an https address, or of an http one on this machine. */
export const feedVariable = "SWITCHGEAR_UPDATE_FEED";
const everyMs = 24 * 60 * 60 * 1000;
/** Not among the first things that a start does. */
const firstMs = 30_000;

export class Updates implements Disposable {
  #deps: UpdatesDeps;
  #state: UpdateState;
  #timer: Disposable | undefined;

  constructor(deps: UpdatesDeps) {
    this.#deps = deps;
    this.#state = deps.feed ? { state: "idle" } : { state: "off" };
    if (deps.feed) this.#checkIn(firstMs);
  }

  state(): UpdateState {
    return this.#state;
  }

  /** Looks whether there is a newer version; whatever comes of it is told by the state. */
  async check(): Promise<void> {
    const { feed, clock } = this.#deps;
    if (!feed || !["idle", "current", "available", "failed"].includes(this.#state.state)) return;
    this.#becomes({ state: "checking" });
    try {
      const version = await feed.check();
      this.#becomes(version === null ? { state: "current", at: clock.wallNow() } : { state: "available", version });
    } catch (error) {
      this.#failed("Whether there is a newer version could not be found out.", error);
    }
  }

  /** Fetches the version that was found. @throws MCPClientError `bad_request` where none was */
  async download(): Promise<void> {
    const { feed } = this.#deps;
    if (!feed || this.#state.state !== "available")
      throw new MCPClientError("bad_request", "There is no newer version to fetch: check first.");
    const { version } = this.#state;
    this.#becomes({ state: "downloading", version, percent: 0 });
    try {
      await feed.download((percent) => {
        const whole = Math.floor(percent);
        if (this.#state.state === "downloading" && whole > this.#state.percent)
          this.#becomes({ state: "downloading", version, percent: whole });
      });
      this.#becomes({ state: "ready", version });
    } catch (error) {
      this.#failed(`Version ${version} could not be fetched, and nothing was changed.`, error);
    }
  }

  /** Quits and installs what was fetched. @throws MCPClientError `bad_request` where nothing was */
  install(): void {
    const { feed } = this.#deps;
    if (!feed || this.#state.state !== "ready")
      throw new MCPClientError("bad_request", "There is nothing to install: fetch it first.");
    feed.install();
  }

  #checkIn(delayMs: number): void {
    this.#timer = this.#deps.clock.schedule(delayMs, () => {
      void this.check();
      this.#checkIn(everyMs);
    });
  }

  #failed(message: string, error: unknown): void {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    this.#deps.logger.warn(message, { error });
    this.#becomes({ state: "failed", message, reason: reason.slice(0, 300) });
  }

  #becomes(state: UpdateState): void {
    this.#state = state;
    this.#deps.onChange();
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }
}

/** The address of a feed, as the variable names it; `null` where it names none of use, as what comes from it is run. */
export function feedAddress(text: string | undefined): string | null {
  if (!text || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isHere = ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  return url.protocol === "https:" || (url.protocol === "http:" && isHere) ? url.href : null;
}
