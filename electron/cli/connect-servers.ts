import type { Core } from "../core/core.ts";
import { toClientError, type MCPClientError } from "../core/errors.ts";
import { withAbort } from "../core/servers/with-abort.ts";

/**
 * Connects to each of these servers, in parallel.
 * @returns those that could not be reached, and why. @throws the signal's reason
 */
export async function connectServers(
  core: Core,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, MCPClientError>> {
  const failures = new Map<string, MCPClientError>();
  const connect = (id: string) =>
    core.servers.connect(id).catch((error: unknown) => void failures.set(id, toClientError(error)));
  await withAbort(Promise.all(ids.map(connect)), signal);
  return failures;
}
