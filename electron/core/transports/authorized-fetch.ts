import type { FetchLike } from "@modelcontextprotocol/client";
import { isRefusal } from "./credential-refusal.ts";
import type { Credentials } from "./server-transport.ts";

/**
 * `fetch` that puts credentials on requests to one origin and on no others. A request that is refused for them was not carried out, so it
 * is sent once more with those that take their place.
 */
export function authorizedFetch(fetch: FetchLike, credentials: Credentials, origin: string): FetchLike {
  return async (url, init) => {
    if (new URL(url).origin !== origin) return fetch(url, init);
    const used = await credentials.authorization();
    const response = await fetch(url, withAuthorization(init, used));
    const { status } = response;
    const header = response.headers.get("www-authenticate");
    if (!isRefusal(status, header)) return response;
    await response.body?.cancel();
    return fetch(url, withAuthorization(init, await credentials.refused(used, { status, header })));
  };
}

function withAuthorization(init: RequestInit | undefined, authorization: string | null): RequestInit {
  const headers = new Headers(init?.headers);
  if (authorization !== null) headers.set("authorization", authorization);
  return { ...init, headers };
}
