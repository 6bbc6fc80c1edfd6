import type { Client } from "@modelcontextprotocol/client";
import { isAtLeast, type LogLevel } from "../../../shared/log-level.ts";
import { recorded, unboundedMs } from "./session-call.ts";

/**
 * From where on an older server is asked to tell its log: from where any caller of the session wanted it so far. A newer one is asked
 * with each call.
 */
export class LogThreshold {
  #client: Client;
  #asked: LogLevel = recorded;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Nobody waits for the answer: a server that does not change it logs as before. */
  lowerTo(level: LogLevel | undefined): void {
    if (level === undefined || isAtLeast(level, this.#asked)) return;
    this.#asked = level;
    const client = this.#client;
    if (client.getProtocolEra() === "modern" || !client.getServerCapabilities()?.logging) return;
    client.setLoggingLevel(level, { timeout: unboundedMs }).catch(() => {});
  }
}
