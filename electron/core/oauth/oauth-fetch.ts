import type { FetchLike } from "@modelcontextprotocol/client";
import type { Clock } from "../ports.ts";
import { secureAddress } from "./secure-address.ts";
import { signInFailed, unreachable } from "./sign-in-error.ts";

/** How long one answer may take, milliseconds, and how large it may be, bytes. */
const patienceMs = 15_000;
const mostBytes = 1_048_576;

/**
 * `fetch` for everything that concerns signing in to one server: to secure addresses alone, within a bound on time and size. Redirects are
 * left to the SDK, which follows them within an origin only.
 */
export function oauthFetch(server: URL, clock: Clock): FetchLike {
  return async (address, init) => {
    const url = secureAddress(address, "An address of the authorization server", server);
    const limit = new AbortController();
    const timer = clock.schedule(patienceMs, () => limit.abort(new Error(`no answer within ${patienceMs / 1000} s`)));
    try {
      const response = await fetch(url, { ...init, redirect: "manual", signal: limit.signal });
      const body = await read(response, url);
      if (response.status >= 500) throw unreachable(url.host, `it answered with HTTP ${response.status}`);
      const hasNoBody = [204, 205, 304].includes(response.status);
      return new Response(hasNoBody ? null : body, { status: response.status, headers: response.headers });
    } catch (error) {
      if (limit.signal.aborted) throw unreachable(url.host, (limit.signal.reason as Error).message);
      const code = networkCode(error);
      if (code !== undefined) throw unreachable(url.host, code, error);
      throw error;
    } finally {
      timer[Symbol.dispose]();
    }
  };
}

async function read(response: Response, { host }: URL): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > mostBytes) throw signInFailed(`${host} answered with more than ${mostBytes} bytes.`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** What Node or undici call the failure, where it is one of the network. */
function networkCode(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as NodeJS.ErrnoException;
    if (typeof code === "string" && current !== error) return code;
  }
  return undefined;
}
