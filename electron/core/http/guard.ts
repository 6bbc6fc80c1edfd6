/** What a request must be before anything listens to it; looks at its head alone. */

import type { IncomingHttpHeaders } from "node:http";
import { looksLikeToken } from "./access-token.ts";
import type { Addresses } from "./addresses.ts";
import type { Refusal } from "./refusal.ts";

/** What is looked at of a request before anything of its body is. */
export type Head = { method: string; url: string; headers: IncomingHttpHeaders };

const secretParameters = new Set(["access_token", "token", "api_key", "apikey", "key"]);

/**
 * A page of somebody else's site can make a browser on this machine send requests here, under a name that it lets point here: its own
 * name stands in Host, its own address in Origin.
 */
export function refuseSource({ headers }: Head, { hosts, origins, hint }: Addresses): Refusal | null {
  if (!hosts.has((headers.host ?? "").toLowerCase())) {
    return refusal(403, "forbidden", "The request names another host than this one.", {
      hint: [`Address it as ${[...hosts].join(" or ")}.`, hint ?? ""].join(" ").trim(),
    });
  }
  if (headers.origin === undefined || origins.has(headers.origin.toLowerCase())) return null;
  return refusal(403, "forbidden", "Pages of other origins may not ask here.");
}

/** An address is kept in histories and logs, so a token in it is lost, and not accepted. */
export function refuseTarget({ url }: Head): Refusal | null {
  if (!url.startsWith("/")) return refusal(400, "bad_request", "The request's target is not a path.");
  const query = url.indexOf("?");
  if (query < 0) return null;
  for (const [name, value] of new URLSearchParams(url.slice(query))) {
    if (!secretParameters.has(name.toLowerCase()) && !looksLikeToken(value)) continue;
    return refusal(400, "bad_request", "A token must not stand in an address.", {
      hint: "Send it as `Authorization: Bearer …`, and revoke the one that was in the address: it may have been logged.",
    });
  }
  return null;
}

/** @returns `null` where the header is missing or of another scheme. */
export function readBearer({ headers }: Head): string | null {
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(headers.authorization ?? "")?.[1] ?? null;
}

export function refuseAnonymous(hasToken: boolean): Refusal {
  const challenge = hasToken ? 'Bearer realm="switchgear", error="invalid_token"' : 'Bearer realm="switchgear"';
  const message = hasToken ? "The token is not valid here, or was revoked." : "The request carries no token.";
  return {
    ...refusal(401, "unauthorized", message, {
      hint: "Make one in Switchgear, and send it as `Authorization: Bearer …`.",
    }),
    headers: { "www-authenticate": challenge },
  };
}

/** A body is JSON, not compressed and not larger than is taken. */
export function refuseContent({ method, headers }: Head, maxBodyBytes: number): Refusal | null {
  const declared = Number(headers["content-length"] ?? 0);
  const hasBody = declared > 0 || headers["transfer-encoding"] !== undefined;
  if (!hasBody) return null;
  if (method === "GET" || method === "HEAD") return refusal(400, "bad_request", `A ${method} request has no body.`);
  const type = (headers["content-type"] ?? "").split(";", 1)[0]!.trim().toLowerCase();
  if (type !== "application/json") return refusal(415, "bad_request", "The body must be application/json.");
  if (headers["content-encoding"] !== undefined) return refusal(415, "bad_request", "The body must not be compressed.");
  return declared > maxBodyBytes ? refuseTooLarge(maxBodyBytes) : null;
}

export function refuseTooLarge(maxBodyBytes: number): Refusal {
  return refusal(413, "payload_too_large", `The body exceeds the ${maxBodyBytes} bytes that are taken.`);
}

export function refuseTooMany(retryAfterMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return {
    ...refusal(429, "rate_limited", "Too many requests came at once.", { hint: `Try again in ${seconds} s.` }),
    headers: { "retry-after": String(seconds) },
  };
}

function refusal(
  status: Refusal["status"],
  code: Refusal["error"]["code"],
  message: string,
  more: { hint?: string } = {},
): Refusal {
  return { status, error: { code, message, ...more } };
}
