import type { ToolView } from "../../../shared/tool.ts";

export type ToolGroup = { server: string; stale: boolean; tools: ToolView[] };

/** Tools by server, both in alphabetical order; only those that hold every word of `text` in a name, title or description. */
export function groupTools(tools: readonly ToolView[], text: string): ToolGroup[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = ({ server, name, title, description }: ToolView) => {
    const all = `${server}.${name} ${title ?? ""} ${description ?? ""}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  const groups = new Map<string, ToolGroup>();
  for (const tool of tools.filter(matches)) {
    const group = groups.get(tool.server) ?? { server: tool.server, stale: false, tools: [] };
    group.tools.push(tool);
    group.stale ||= tool.stale;
    groups.set(tool.server, group);
  }
  for (const group of groups.values()) group.tools.sort((a, b) => a.name.localeCompare(b.name));
  return [...groups.values()].toSorted((a, b) => a.server.localeCompare(b.server));
}

/** Where a tool is shown. Its name is any text, so it is escaped. */
export function toolPath({ server, name }: { server: string; name: string }): string {
  return `/tools?${new URLSearchParams({ server, tool: name }).toString()}`;
}
