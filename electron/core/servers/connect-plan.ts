/** In which ways a server is spoken to, one after the other, until one is its own. */

import type { ServerConfig } from "../../../shared/server.ts";

export const modernVersion = "2026-07-28";

/** `negotiate` asks for `server/discover` first and falls back to `initialize`, on the same connection. */
export type Way = "modern" | "legacy" | "negotiate";

/** @param spoke the way that worked last: what a server spoke once is tried first. */
export function connectPlan(config: Pick<ServerConfig, "transport" | "protocol">, spoke: Way | null): Way[] {
  const ways = waysOf(config);
  return spoke && ways.includes(spoke) ? [spoke, ...ways.filter((way) => way !== spoke)] : ways;
}

function waysOf({ transport, protocol }: Pick<ServerConfig, "transport" | "protocol">): Way[] {
  if (protocol !== "auto") return [protocol];
  return transport === "http" ? ["negotiate"] : ["legacy", "modern"];
}
