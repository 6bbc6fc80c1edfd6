import type { ServerConfig } from "../../../shared/server.ts";
import type { Clock } from "../ports.ts";
import { pingTimeoutMs } from "./health-check.ts";
import type { Session } from "./session.ts";

/** Whether a session can be handed out as it is, or must show first that it lives: one that was silent for long, or since the world changed. */
export class Doubt {
  #clock: Clock;
  #keepAliveMs: number;
  #isProcess: boolean;
  #hasWorldChanged = false;
  #ping: { session: Session; failure: Promise<Error | null> } | null = null;

  /** @param config `keep_alive` 0 where silence is no reason. */
  constructor(clock: Clock, config: Pick<ServerConfig, "keep_alive" | "transport">) {
    this.#clock = clock;
    this.#keepAliveMs = config.keep_alive;
    this.#isProcess = config.transport === "stdio";
  }

  worldChanged(): void {
    this.#hasWorldChanged = true;
  }

  answered(): void {
    this.#hasWorldChanged = false;
  }

  about(session: Session): boolean {
    // What is at work may have no time for a ping, and a process hangs on no network.
    if (session.isBusy && (this.#isProcess || !this.#hasWorldChanged)) return false;
    const silentMs = this.#clock.now() - session.lastSeenAt;
    return this.#hasWorldChanged || (this.#keepAliveMs > 0 && silentMs > this.#keepAliveMs);
  }

  /** Pings it; whoever asks meanwhile shares the ping. @returns why it is dead, or `null` where it answered. */
  settle(session: Session): Promise<Error | null> {
    if (this.#ping?.session !== session) {
      const ping = { session, failure: this.#pingOnce(session) };
      this.#ping = ping;
      void ping.failure.finally(() => this.#ping === ping && (this.#ping = null));
    }
    return this.#ping.failure;
  }

  async #pingOnce(session: Session): Promise<Error | null> {
    try {
      await session.ping(pingTimeoutMs);
      this.answered();
      return null;
    } catch (error) {
      return error as Error;
    }
  }
}
