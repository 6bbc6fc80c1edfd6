import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Alert } from "../../shared/alert.ts";
import type { Ticket } from "../../shared/approval.ts";
import type { CircuitView } from "../../shared/circuit.ts";
import type { EventMessage } from "../../shared/contract.ts";
import type { Invocation, InvocationPage } from "../../shared/invocation.ts";
import { applyEvents, followEvents } from "./live-events.ts";
import { createLiveStore } from "./live-store.ts";
import { queryKeys } from "./query-keys.ts";

const settings = {
  failure_threshold: 5,
  success_threshold: 2,
  timeout_seconds: 60,
  half_open_max_calls: 1,
  per_tool: false,
};
const circuit = (server: string, failures: number, tool: string | null = null): CircuitView => ({
  server,
  tool,
  state: { kind: "closed", failures },
  settings,
  transitions: [],
});
const ticket = (id: string, state: Ticket["state"] = "pending"): Ticket => ({
  id,
  invocationId: `call-${id}`,
  state,
  server: "lab",
  tool: "echo",
  args: {},
  hash: "00",
  fingerprint: "f",
  environment: "production",
  unusual: [],
  edited: null,
  grantId: null,
  client: "console",
  approvalMessage: null,
  rule: "default_permission",
  trace: [],
  requestedAt: 0,
  expiresAt: 1,
  destructiveHint: null,
  verdict: null,
  executedAt: null,
  escalatedAt: null,
});
const invocation = (id: string, phase: Invocation["phase"] = "running"): Invocation => ({
  id,
  server: "lab",
  tool: "echo",
  client: "console",
  environment: "production",
  phase,
  outcome: phase === "done" ? "ok" : null,
  errorCode: null,
  level: "ALWAYS",
  rule: "default_permission",
  startedAt: 0,
  durationMs: null,
  waitedMs: 0,
  attempts: 1,
});

describe("applyEvents", () => {
  const live = createLiveStore();
  let client: QueryClient;
  let stale: unknown[];
  const apply = (...events: EventMessage[]) => applyEvents(events, client, live, (key) => stale.push(key));

  beforeEach(() => {
    client = new QueryClient();
    stale = [];
  });

  it("takes a circuit away that is gone, and shows a tool's new timeout", () => {
    client.setQueryData(queryKeys.circuits, [circuit("lab", 0), circuit("lab", 0, "slow")]);
    client.setQueryData(queryKeys.tools, [
      { server: "lab", name: "slow" },
      { server: "lab", name: "echo" },
    ]);
    const timeout = { ms: 900, adaptive: { state: "active" as const, p99Ms: 450 } };
    apply(
      { name: "circuit.removed", payload: { server: "lab", tool: "slow" } },
      { name: "tool.timeout", payload: { server: "lab", tool: "slow", timeout } },
    );
    expect(client.getQueryData(queryKeys.circuits)).toEqual([circuit("lab", 0)]);
    expect(client.getQueryData(queryKeys.tools)).toEqual([
      { server: "lab", name: "slow", timeout },
      { server: "lab", name: "echo" },
    ]);
  });

  it("changes the one circuit that moved, and takes in one that is new", () => {
    const other = circuit("other", 0);
    client.setQueryData(queryKeys.circuits, [circuit("lab", 0), other]);
    apply(
      { name: "circuit.changed", payload: circuit("lab", 1) },
      { name: "circuit.changed", payload: circuit("lab", 2) },
      { name: "circuit.changed", payload: circuit("lab", 3, "slow") },
    );
    const list = client.getQueryData<CircuitView[]>(queryKeys.circuits);
    expect(list).toEqual([circuit("lab", 2), other, circuit("lab", 3, "slow")]);
    expect(list?.[1]).toBe(other);
  });

  it("moves a ticket from the inbox to the history when it is resolved", () => {
    client.setQueryData(queryKeys.pendingTickets, [ticket("a"), ticket("b")]);
    client.setQueryData(queryKeys.resolvedTickets, [ticket("old", "denied")]);
    apply(
      { name: "ticket.changed", payload: ticket("a", "approved") },
      { name: "ticket.changed", payload: ticket("c") },
    );
    const ids = (key: readonly unknown[]) => client.getQueryData<Ticket[]>(key)?.map(({ id }) => id);
    expect(ids(queryKeys.pendingTickets)).toEqual(["b", "c"]);
    expect(ids(queryKeys.resolvedTickets)).toEqual(["a", "old"]);
  });

  it("shows a new alert first, changes it in place, and lets go of it when somebody has seen it", () => {
    const cause = {
      kind: "escalation" as const,
      client: "a",
      server: "lab",
      tool: "wipe",
      ticketId: "t",
      waitedMinutes: 1,
    };
    const alert = (id: string, at = 0, dismissed: Alert["dismissed"] = null): Alert => ({
      ...{ id, at, cause, deliveries: [], recipients: [], dismissed },
    });
    client.setQueryData(queryKeys.alerts, [alert("b"), alert("a")]);
    apply(
      { name: "alert.changed", payload: alert("c") },
      { name: "alert.changed", payload: alert("b", 1) },
      { name: "alert.changed", payload: alert("a", 0, { by: "console", at: 2 }) },
    );
    expect(client.getQueryData(queryKeys.alerts)).toEqual([alert("c"), alert("b", 1)]);
  });

  it("changes rows of the log in place and adds none", () => {
    const key = queryKeys.invocationList({});
    const page = { rows: [invocation("b"), invocation("a")], next: null };
    client.setQueryData<InvocationPage>([...key, "reading", 0], page);
    apply(
      { name: "invocation.changed", payload: invocation("a", "done") },
      { name: "invocation.changed", payload: invocation("new") },
    );
    expect(client.getQueryData<InvocationPage>([...key, "reading", 0])?.rows).toEqual([
      invocation("b"),
      invocation("a", "done"),
    ]);
    expect(live.getState().recentCalls.has("new")).toBe(true);
    expect(stale).toContainEqual(queryKeys.invocation("a"));
  });

  it("keeps a running call's progress until the call is done", () => {
    const progress = { id: "p", progress: 1, total: 2, message: null };
    apply({ name: "invocation.progress", payload: progress });
    expect(live.getState().progress.get("p")).toEqual(progress);
    apply({ name: "invocation.changed", payload: invocation("p", "done") });
    expect(live.getState().progress.has("p")).toBe(false);
  });

  it("notes when a resource was told to have changed, and reads nothing by itself", () => {
    apply({ name: "resource.updated", payload: { server: "lab", uri: "demo://a" } });
    expect(live.getState().resourceChanges.get("lab demo://a")).toBeGreaterThan(0);
    expect(stale).toEqual([]);
  });

  it("leaves alone what was never asked for", () => {
    apply({ name: "circuit.changed", payload: circuit("lab", 1) });
    expect(client.getQueryData(queryKeys.circuits)).toBeUndefined();
  });

  it("asks again where an answer that may be older is on its way", async () => {
    let answer: (list: CircuitView[]) => void = () => {};
    const asked = client.fetchQuery({
      queryKey: queryKeys.circuits,
      queryFn: () => new Promise<CircuitView[]>((resolve) => (answer = resolve)),
    });
    await vi.waitFor(() => expect(client.isFetching({ queryKey: queryKeys.circuits })).toBe(1));
    apply({ name: "circuit.changed", payload: circuit("lab", 1) });
    expect(stale).toContainEqual(queryKeys.circuits);
    answer([]);
    await asked;
  });
});

describe("followEvents", () => {
  it("asks once for what a burst made stale, and ends its subscription", async () => {
    const client = new QueryClient();
    const invalidate = vi.spyOn(client, "invalidateQueries");
    let tell: (events: readonly EventMessage[]) => void = () => {};
    const unsubscribe = vi.fn();
    const stop = followEvents(
      {
        invoke: () => Promise.reject(new Error("not asked")),
        subscribe: (listener) => ((tell = listener), unsubscribe),
      },
      client,
      createLiveStore(),
    );
    const changed = { name: "tools.changed", payload: { server: "lab" } } as const;
    for (let burst = 0; burst < 20; burst += 1) tell([changed, changed]);
    await vi.waitFor(() => expect(invalidate).toHaveBeenCalled());
    expect(invalidate.mock.calls.filter(([filter]) => filter?.queryKey === queryKeys.tools)).toHaveLength(1);

    tell([changed]);
    stop();
    expect(unsubscribe).toHaveBeenCalledOnce();
  });
});
