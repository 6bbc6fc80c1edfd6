import type { CircuitView } from "../../../shared/circuit.ts";
import type { ServerView } from "../../../shared/server.ts";
import { formatCount } from "../../components/format.ts";

/** A server and its circuits: one module of the panel. */
export type PanelEntry = { server: ServerView; circuits: readonly CircuitView[] };

export const stateFilters = ["all", "not-closed", "closed", "half-open", "open", "not-ready"] as const;
export type StateFilter = (typeof stateFilters)[number];

/** Whether a module is shown; the circuits of a server and of its tools are one. */
export function passesFilter({ server, circuits }: PanelEntry, filter: StateFilter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "not-ready":
      return isNotReady(server);
    case "not-closed":
      return circuits.some(({ state }) => state.kind !== "closed");
    case "closed":
      return circuits.every(({ state }) => state.kind === "closed");
    default:
      return circuits.some(({ state }) => state.kind === filter);
  }
}

/** Whether something keeps it from answering; one that is switched off, or waits for its first call, is as it should be. */
function isNotReady({ enabled, connection }: ServerView): boolean {
  return enabled && connection.kind !== "ready" && connection.kind !== "idle";
}

/** Whether each word is part of the server's id, title, group or transport. */
export function matchesText({ id, title, group, transport }: ServerView, text: string): boolean {
  const all = `${id} ${title} ${group ?? ""} ${transport}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

export const groupings = ["group", "transport", "none"] as const;
export type Grouping = (typeof groupings)[number];

/** Modules under one heading; `title` is `null` where there is nothing to head. */
export type PanelGroup = { key: string; title: string | null; entries: PanelEntry[] };

/** Headings by name, those without one last; without a heading at all where there would be one only. */
export function groupEntries(entries: readonly PanelEntry[], by: Grouping): PanelGroup[] {
  const groups = new Map<string | null, PanelEntry[]>();
  for (const entry of entries) {
    const title = by === "none" ? null : entry.server[by];
    const group = groups.get(title);
    if (group) group.push(entry);
    else groups.set(title, [entry]);
  }
  const isAlone = groups.has(null) && groups.size === 1;
  return [...groups]
    .toSorted(([a], [b]) => Number(a === null) - Number(b === null) || (a ?? "").localeCompare(b ?? ""))
    .map(([title, list]) => ({
      key: title ?? "",
      title: isAlone ? null : (title ?? "Other servers"),
      entries: list,
    }));
}

/** What a heading says of its modules, so that a folded one hides no trouble. */
export function groupWords(entries: readonly PanelEntry[]): { words: string; inTrouble: boolean } {
  const count = (filter: StateFilter) => entries.filter((entry) => passesFilter(entry, filter)).length;
  const notClosed = count("not-closed");
  const notReady = count("not-ready");
  const parts = [
    formatCount(entries.length, "server"),
    ...(notClosed > 0 ? [`${notClosed} not closed`] : []),
    ...(notReady > 0 ? [`${notReady} not ready`] : []),
  ];
  return { words: parts.join(" · "), inTrouble: notClosed + notReady > 0 };
}
