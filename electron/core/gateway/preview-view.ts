import type { ClientView, SeenServer } from "../../../shared/access.ts";
import { ToolSet } from "../policy/tool-set.ts";
import type { ServerManager } from "../servers/manager.ts";

/** Which of the tools that are known now a client would see; servers of which it would see nothing come last. */
export function previewView(servers: Pick<ServerManager, "tools">, sees: ClientView["sees"]): SeenServer[] {
  const set = sees === null ? null : new ToolSet(sees);
  const byServer = new Map<string, SeenServer>();
  for (const { server, tool } of servers.tools()) {
    const entry = byServer.get(server) ?? { server, seen: [], hidden: 0 };
    byServer.set(server, entry);
    if (set?.has(server, tool.name) ?? true) entry.seen.push(tool.name);
    else entry.hidden += 1;
  }
  const isSeen = ({ seen }: SeenServer) => Number(seen.length > 0);
  return [...byServer.values()].toSorted((a, b) => isSeen(b) - isSeen(a) || (a.server < b.server ? -1 : 1));
}
