/** Who calls through Switchgear, and whom it calls: what the map draws and its table says. */
import type { AccessToken } from "../../../shared/access.ts";
import type { CircuitKind, CircuitView } from "../../../shared/circuit.ts";
import type { Invocation } from "../../../shared/invocation.ts";
import type { ServerView } from "../../../shared/server.ts";
import type { Minute } from "../../api/use-metrics.ts";

/** Of the last 60 s; `running` are on their way now. */
export type Traffic = { calls: number; failed: number; running: number };
export type Caller = Traffic & {
  name: string;
  /** Comes over the gateway, by a token of its own. */
  isClient: boolean;
};
export type FleetServer = Traffic & {
  id: string;
  title: string;
  server: ServerView;
  kind: CircuitKind;
  circuit: CircuitView | undefined;
};

const minuteMs = 60_000;

/** More than these are told as a number. */
const mostCallers = 12;

type Sources = {
  tokens: readonly AccessToken[];
  recent: Iterable<Invocation>;
  /** Wall-clock milliseconds. */
  now: number;
};

/** Clients of the gateway and whoever else has called lately, the busiest first; `others` are left out. */
export function readCallers({ tokens, recent, now }: Sources): { callers: Caller[]; others: number } {
  const byName = new Map<string, Caller>();
  const callerOf = (name: string, isClient: boolean) => {
    let caller = byName.get(name);
    if (!caller) byName.set(name, (caller = { name, isClient, calls: 0, failed: 0, running: 0 }));
    return caller;
  };
  callerOf("console", false);
  for (const { name, revokedAt } of tokens) if (revokedAt === null) callerOf(name, true);
  for (const call of recent) {
    const isRecent = call.startedAt > now - minuteMs;
    if (call.phase === "done" && !isRecent) continue;
    const caller = callerOf(call.client, false);
    if (call.phase !== "done") caller.running += 1;
    if (!isRecent) continue;
    caller.calls += 1;
    if (call.outcome !== null && call.outcome !== "ok") caller.failed += 1;
  }
  const inOrder = [...byName.values()].toSorted(
    (a, b) => Number(b.isClient) - Number(a.isClient) || a.name.localeCompare(b.name),
  );
  if (inOrder.length <= mostCallers) return { callers: inOrder, others: 0 };
  const busiest = new Set(inOrder.toSorted((a, b) => b.calls - a.calls).slice(0, mostCallers - 1));
  return { callers: inOrder.filter((caller) => busiest.has(caller)), others: inOrder.length - busiest.size };
}

/** Servers with the state of their circuits; the worst of a server's own and of its tools'. */
export function readServers(
  servers: readonly ServerView[],
  circuits: readonly CircuitView[],
  minutes: Readonly<Record<string, Minute>>,
  recent: Iterable<Invocation>,
): FleetServer[] {
  const running = new Map<string, number>();
  for (const { server, phase } of recent) {
    if (phase === "running") running.set(server, (running.get(server) ?? 0) + 1);
  }
  const byServer = new Map<string, CircuitView>();
  for (const circuit of circuits) {
    const worst = byServer.get(circuit.server);
    if (!worst || badness[circuit.state.kind] > badness[worst.state.kind]) byServer.set(circuit.server, circuit);
  }
  return servers.map((server) => {
    const { id, title } = server;
    const circuit = byServer.get(id);
    const minute = minutes[id];
    const failed = minute?.failed.reduce((sum, count) => sum + count, 0) ?? 0;
    const traffic = { calls: minute?.calls ?? 0, failed, running: running.get(id) ?? 0 };
    return { id, title, server, circuit, kind: circuit?.state.kind ?? "closed", ...traffic };
  });
}

const badness: Record<CircuitKind, number> = { closed: 0, "half-open": 1, open: 2 };

/** `no calls`, `12 calls, 3 failed, 1 now`, in the last minute. */
export function trafficWords({ calls, failed, running }: Traffic): string {
  const parts = [calls === 0 ? "no calls" : `${calls} ${calls === 1 ? "call" : "calls"}`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (running > 0) parts.push(`${running} now`);
  return parts.join(", ");
}

/** How broad a line is drawn, in pixels: a hundredfold of calls is not a hundredfold of line. */
export function lineWidth({ calls }: Traffic): number {
  return calls === 0 ? 1.5 : Math.min(6, 2 + Math.log10(calls) * 1.5);
}
