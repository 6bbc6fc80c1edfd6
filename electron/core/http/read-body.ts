import type { IncomingMessage } from "node:http";
import { refuseTooLarge } from "./guard.ts";
import type { Refusal } from "./refusal.ts";

export type ReadBody = { ok: true; body: Buffer } | { ok: false; refusal: Refusal };

/** The whole body, as long as it stays within the cap; `null` where the sender went before its end. */
export function readBody(incoming: IncomingMessage, maxBytes: number): Promise<ReadBody | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) return void chunks.push(chunk);
      // What still comes is read and dropped, so that the sender gets to hear the answer; the request's own bound ends it.
      chunks.length = 0;
      resolve({ ok: false, refusal: refuseTooLarge(maxBytes) });
    });
    incoming.once("end", () => resolve({ ok: true, body: Buffer.concat(chunks) }));
    incoming.once("error", () => resolve(null));
    incoming.once("close", () => resolve(null));
  });
}
