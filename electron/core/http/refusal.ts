import type { ServerResponse } from "node:http";
import type { WireError } from "../../../shared/errors.ts";

/** Why a request goes no further: its status, and an error in words as the body. */
export type Refusal = {
  status: 400 | 401 | 403 | 408 | 413 | 415 | 429 | 503;
  error: WireError;
  headers?: Record<string, string>;
};

export function answerRefusal({ status, error, headers }: Refusal, outgoing: ServerResponse): void {
  if (outgoing.headersSent) return;
  outgoing.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers });
  outgoing.end(JSON.stringify({ error }));
}
