import { stat } from "node:fs/promises";
import { Gauge, type Registry } from "prom-client";
import type { CircuitView } from "../../../shared/circuit.ts";
import { connectionStateSchema, type ServerView } from "../../../shared/server.ts";
import type { AppStatus } from "../../../shared/status.ts";
import { other, type SeriesNames } from "./series-names.ts";

export type StateSources = {
  status: () => AppStatus;
  servers: { list(): readonly ServerView[] };
  circuits: { list(): readonly CircuitView[] };
};

const circuitStates = ["closed", "half-open", "open"] as const;
const connectionStates = connectionStateSchema.options.map(({ shape }) => shape.kind.value);

/** How things stand, read when somebody asks. */
export function tellState({ status, servers, circuits }: StateSources, registry: Registry, names: SeriesNames): void {
  /** One number; `null` leaves it out. */
  const number = (name: string, help: string, read: (now: AppStatus) => number | null | Promise<number | null>) =>
    registry.registerMetric(
      new Gauge({
        ...{ name, help, registers: [] },
        async collect() {
          const value = await read(status());
          if (value === null) this.remove();
          else this.set(value);
        },
      }),
    );
  const isReady = ({ journal }: AppStatus) => journal.state === "ready";

  number("switchgear_mcp_enabled", "1 while the master switch is on.", ({ mcp }) => Number(mcp.enabled));
  number("switchgear_policy_valid", "1 while the policy file can be used; otherwise every call is refused.", (now) =>
    Number(now.policy.state === "valid"),
  );
  number("switchgear_journal_ready", "1 while the journal takes records; otherwise every call is refused.", (now) =>
    Number(isReady(now)),
  );
  number("switchgear_journal_bytes", "What the journal takes on disk.", ({ journal }) => sizeOf(journal.file));
  number("switchgear_approvals_pending", "Calls that wait for a person.", (now) =>
    isReady(now) ? now.pendingApprovals : null,
  );
  number("switchgear_tools_in_quarantine", "Tools whose definition waits for a verdict.", (now) =>
    isReady(now) ? now.toolsInQuarantine : null,
  );

  const info = new Gauge({
    ...{ name: "switchgear_info", help: "Always 1; the labels say what runs.", registers: [] },
    labelNames: ["version", "runtime"],
    collect() {
      const { version, runtime } = status();
      this.set({ version, runtime }, 1);
    },
  });
  const breakers = new Gauge({
    ...{ name: "switchgear_circuit_state", help: "1 for the state that a circuit is in.", registers: [] },
    labelNames: ["server", "tool", "state"],
    collect() {
      this.reset();
      for (const { server, tool, state } of circuits.list()) {
        if (tool !== null && names.of(server, tool).tool === other) continue;
        for (const each of circuitStates) {
          this.set({ server, tool: tool ?? "", state: each }, Number(each === state.kind));
        }
      }
    },
  });
  const links = new Gauge({
    ...{ name: "switchgear_connection_state", help: "1 for the state that a connection is in.", registers: [] },
    labelNames: ["server", "state"],
    collect() {
      this.reset();
      for (const { id, connection } of servers.list()) {
        for (const each of connectionStates) this.set({ server: id, state: each }, Number(each === connection.kind));
      }
    },
  });
  registry.registerMetric(info);
  registry.registerMetric(breakers);
  registry.registerMetric(links);
}

/** The database and what is not in it yet; `null` where there is no file. */
async function sizeOf(file: string): Promise<number | null> {
  const sizes = await Promise.all([file, `${file}-wal`].map((each) => stat(each).catch(() => null)));
  return sizes[0] ? sizes.reduce((sum, each) => sum + (each?.size ?? 0), 0) : null;
}
