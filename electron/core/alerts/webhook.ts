/** One message to one webhook, signed as Standard Webhooks says (standardwebhooks.com), which libraries of every language check. */
import { createHmac, randomBytes } from "node:crypto";
import type { Clock } from "../ports.ts";

/** How long a webhook may take to answer, milliseconds. */
const patienceMs = 10_000;
const keyPrefix = "whsec_";

export type WebhookMessage = {
  /** The same at each attempt, so that a receiver that has it already can tell. */
  id: string;
  body: string;
};

/** `again`: a later attempt may do better. `problem` is in words, and never holds the address. */
export type WebhookAnswer = { ok: true } | { ok: false; again: boolean; problem: string };

/** A signing key as receivers are given it. */
export function makeWebhookKey(): string {
  return `${keyPrefix}${randomBytes(32).toString("base64")}`;
}

/** The value of `webhook-signature`. @param timestamp seconds since the Unix epoch */
export function signWebhook(key: string, { id, body }: WebhookMessage, timestamp: number): string {
  const secret = Buffer.from(key.slice(keyPrefix.length), "base64");
  return `v1,${createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}

/** Sends a message once. A redirect is a failure: what was signed for one address is for no other. Never rejects. */
export async function postWebhook(
  url: string,
  message: WebhookMessage,
  { key, clock, signal }: { key: string; clock: Clock; signal: AbortSignal },
): Promise<WebhookAnswer> {
  const timestamp = Math.floor(clock.wallNow() / 1000);
  const late = new AbortController();
  using _timer = clock.schedule(patienceMs, () => late.abort());
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      signal: AbortSignal.any([signal, late.signal]),
      headers: {
        "content-type": "application/json",
        "user-agent": "Switchgear",
        "webhook-id": message.id,
        "webhook-timestamp": String(timestamp),
        "webhook-signature": signWebhook(key, message, timestamp),
      },
      body: message.body,
    });
    await response.body?.cancel();
    return judge(response.status);
  } catch (error) {
    if (late.signal.aborted) {
      return { ok: false, again: true, problem: `It did not answer within ${patienceMs / 1000} s.` };
    }
    return { ok: false, again: true, problem: `It could not be reached (${failureCode(error)}).` };
  }
}

function judge(status: number): WebhookAnswer {
  if (status >= 200 && status < 300) return { ok: true };
  if (status >= 300 && status < 400) {
    return { ok: false, again: false, problem: `It answered with a redirect (HTTP ${status}), and none is followed.` };
  }
  const again = status >= 500 || [408, 425, 429].includes(status);
  return { ok: false, again, problem: `It answered HTTP ${status}.` };
}

/** What Node calls the failure of a request: a code of the network's or of TLS. */
function failureCode(error: unknown): string {
  let code = "no answer";
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code: found } = current as NodeJS.ErrnoException;
    if (typeof found === "string") code = found;
  }
  return code;
}
