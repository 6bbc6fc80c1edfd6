import { SegmentedControl } from "@mantine/core";
import { useMemo, useRef, useState, type ReactNode } from "react";
import type { CircuitView } from "../../../shared/circuit.ts";
import type { ServerView } from "../../../shared/server.ts";
import type { CircuitSharing } from "../../../shared/status.ts";
import { useMetrics } from "../../api/use-metrics.ts";
import { formatCount } from "../../components/format.ts";
import { PageHeader } from "../../components/page-header.tsx";
import { useSteadyIds } from "../../components/use-steady-ids.ts";
import { BreakerModule } from "./breaker-module.tsx";
import classes from "./breaker-panel.module.css";
import { passesFilter, sharingWords, stateFilters, type StateFilter } from "./circuit-words.ts";
import type { DrawerTab } from "./server-drawer.tsx";

type BreakerPanelProps = {
  servers: readonly ServerView[];
  circuits: readonly CircuitView[];
  /** `null` where nobody asked for it. */
  sharing: CircuitSharing | null;
  filter: StateFilter;
  onFilter: (filter: StateFilter) => void;
  onOpen: (server: string, tab: DrawerTab) => void;
  /** Orders of the page, beside the filter. */
  actions: ReactNode;
};

const filterWords: Record<StateFilter, string> = {
  all: "All",
  "not-closed": "Not closed",
  closed: "Closed",
  "half-open": "Half-open",
  open: "Open",
};

/** One list for all that have none, so that their modules need not be drawn again. */
const none: readonly CircuitView[] = [];

/** Every server's module, in the catalog's order. */
export function BreakerPanel({ servers, circuits, sharing, filter, onFilter, onOpen, actions }: BreakerPanelProps) {
  const metrics = useMetrics().data;
  const byServer = useMemo(() => groupByServer(circuits), [circuits]);
  const circuitsOf = (id: string) => byServer.get(id) ?? none;
  const count = (which: StateFilter) => servers.filter(({ id }) => passesFilter(circuitsOf(id), which)).length;
  const ready = servers.filter(({ connection }) => connection.kind === "ready").length;
  const readyWords = `${ready} of ${formatCount(servers.length, "server")} ready`;

  return (
    <>
      <PageHeader title="Panel" description={[readyWords, ...(sharing ? [sharingWords(sharing)] : [])].join(" · ")}>
        <SegmentedControl
          aria-label="Circuits in state"
          value={filter}
          onChange={onFilter}
          data={stateFilters.map((value) => ({ value, label: `${filterWords[value]} ${count(value)}` }))}
        />
        {actions}
      </PageHeader>
      <Modules
        // Another filter is another list: nothing of the old one is held.
        key={filter}
        ids={servers.filter(({ id }) => passesFilter(circuitsOf(id), filter)).map(({ id }) => id)}
        emptyWords={filter === "all" ? null : `No circuit is ${filterWords[filter].toLowerCase()} now.`}
      >
        {(id) => {
          const server = servers.find((other) => other.id === id);
          const own = circuitsOf(id);
          return (
            server && (
              <BreakerModule
                key={id}
                server={server}
                circuit={own.find(({ tool }) => tool === null)}
                toolCircuits={own.length > 1 ? own.filter(({ tool }) => tool !== null) : none}
                metrics={metrics?.find((other) => other.server === id)}
                onOpen={onOpen}
              />
            )
          );
        }}
      </Modules>
    </>
  );
}

function groupByServer(circuits: readonly CircuitView[]): ReadonlyMap<string, readonly CircuitView[]> {
  const groups = new Map<string, CircuitView[]>();
  for (const circuit of circuits) {
    const group = groups.get(circuit.server);
    if (group) group.push(circuit);
    else groups.set(circuit.server, [circuit]);
  }
  return groups;
}

type ModulesProps = { ids: readonly string[]; emptyWords: string | null; children: (id: string) => React.ReactNode };

/** Modules that leave the filter keep their place while the pointer or the focus is among them. */
function Modules({ ids, emptyWords, children }: ModulesProps) {
  const [isHeld, setHeld] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const shown = useSteadyIds(ids, () => isHeld);
  const hold = () => setHeld(true);
  const release = () => setHeld(box.current?.contains(document.activeElement) ?? false);
  return (
    <div
      ref={box}
      className={classes.modules}
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={hold}
      onBlur={() => setHeld(box.current?.matches(":hover") ?? false)}
    >
      {shown.map((id) => children(id))}
      {shown.length === 0 && emptyWords && <p className={classes.empty}>{emptyWords}</p>}
    </div>
  );
}
