import type { Notification } from "@modelcontextprotocol/server";
import type { Progress } from "../servers/session-call.ts";
import type { Waiting } from "../tell-waiting.ts";

/** How far each word of waiting moves: progress must grow, and what the server tells afterwards must be more. */
const step = 1e-6;

/** Tells a client how its call gets on, also while nothing but a person is waited for. */
export class ProgressTeller {
  #progressToken: string | number;
  #notify: (notification: Notification) => void;
  #waited = 0;

  constructor(progressToken: string | number, notify: (notification: Notification) => void) {
    this.#progressToken = progressToken;
    this.#notify = notify;
  }

  tell({ progress, total, message }: Progress): void {
    this.#send({ progress, ...(total !== null && { total }), ...(message !== null && { message }) });
  }

  tellWaiting({ ticketId }: Waiting): void {
    this.tellWords(`Waiting for approval in Switchgear (ticket ${ticketId}).`);
  }

  /** Where nothing says how far it is. */
  tellWords(message: string): void {
    this.#waited += 1;
    this.#send({ progress: this.#waited * step, message });
  }

  #send(params: { progress: number; total?: number; message?: string }): void {
    this.#notify({ method: "notifications/progress", params: { progressToken: this.#progressToken, ...params } });
  }
}
