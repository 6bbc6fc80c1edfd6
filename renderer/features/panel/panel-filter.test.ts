import { describe, expect, it } from "vitest";
import type { CircuitState, CircuitView } from "../../../shared/circuit.ts";
import { circuitBreakerSettingsSchema } from "../../../shared/circuit.ts";
import type { ConnectionState, ServerView } from "../../../shared/server.ts";
import { groupEntries, groupWords, matchesText, passesFilter, type PanelEntry } from "./panel-filter.ts";

const closed: CircuitState = { kind: "closed", failures: 0 };
const open: CircuitState = { kind: "open", openedAt: 0, retryAt: 60_000 };
const settings = circuitBreakerSettingsSchema.parse({});
const circuit = (state: CircuitState, tool: string | null = null): CircuitView => ({
  ...{ server: "lab", tool, state, settings, transitions: [] },
});
const idle: ConnectionState = { kind: "idle" };
const parked: ConnectionState = { kind: "parked", since: 0, cause: "exits", reason: "It exits.", stderr: [] };

function entry(more: Partial<ServerView> = {}, circuits: CircuitView[] = [circuit(closed)]): PanelEntry {
  const server = { id: "lab", title: "Lab", group: null, transport: "stdio", enabled: true, connection: idle, ...more };
  return { server: server as ServerView, circuits };
}

describe("passesFilter", () => {
  it("looks at a server's circuit and at those of its tools", () => {
    const mixed = entry({}, [circuit(closed), circuit(open, "slow")]);
    const shown = (["all", "not-closed", "closed", "half-open", "open"] as const).map((each) =>
      passesFilter(mixed, each),
    );
    expect(shown).toEqual([true, true, false, false, true]);
    expect(passesFilter(entry({}, []), "closed")).toBe(true);
    expect(passesFilter(entry({}, []), "not-closed")).toBe(false);
  });

  it("takes neither a server that is off nor one that waits for its first call for trouble", () => {
    const isNotReady = (more: Partial<ServerView>) => passesFilter(entry(more), "not-ready");
    expect(isNotReady({ connection: parked })).toBe(true);
    expect(isNotReady({ connection: parked, enabled: false })).toBe(false);
    expect(isNotReady({ connection: idle })).toBe(false);
  });
});

describe("matchesText", () => {
  it("finds each word, wherever it stands and however it is written", () => {
    const { server } = entry({ id: "pg-1", title: "Ledger", group: "Payments" });
    expect(["", "LEDG", "pay pg", "stdio ledger"].every((text) => matchesText(server, text))).toBe(true);
    expect(matchesText(server, "ledger http")).toBe(false);
  });
});

describe("groupEntries", () => {
  const all = [
    entry({ id: "a", group: "Search" }),
    entry({ id: "b" }),
    entry({ id: "c", group: "Data", transport: "http" }),
  ];
  const titles = (by: "group" | "transport" | "none") =>
    groupEntries(all, by).map(({ title, entries }) => [title, entries.map(({ server }) => server.id).join()]);

  it("heads the modules by name, and those without one last", () => {
    expect(titles("group")).toEqual([
      ["Data", "c"],
      ["Search", "a"],
      ["Other servers", "b"],
    ]);
    expect(titles("transport")).toEqual([
      ["http", "c"],
      ["stdio", "a,b"],
    ]);
  });

  it("heads nothing where nobody named a group", () => {
    expect(titles("none")).toEqual([[null, "a,b,c"]]);
    expect(groupEntries([entry()], "group").map(({ title }) => title)).toEqual([null]);
  });

  it("says of a folded group what is wrong in it", () => {
    expect(groupWords([entry(), entry({ connection: parked }, [circuit(open)])])).toEqual({
      words: "2 servers · 1 not closed · 1 not ready",
      inTrouble: true,
    });
    expect(groupWords([entry()])).toEqual({ words: "1 server", inTrouble: false });
  });
});
