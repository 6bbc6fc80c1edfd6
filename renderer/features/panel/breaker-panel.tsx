import { Button } from "@mantine/core";
import { lazy, Suspense, useCallback, useMemo, useRef, useState, type ReactNode, type RefObject } from "react";
import type { CircuitView } from "../../../shared/circuit.ts";
import { isQuarantined } from "../../../shared/pin.ts";
import type { ServerView } from "../../../shared/server.ts";
import type { AppStatus } from "../../../shared/status.ts";
import { useMetrics } from "../../api/use-metrics.ts";
import { useTools } from "../../api/use-tools.ts";
import { formatCount } from "../../components/format.ts";
import { PageHeader } from "../../components/page-header.tsx";
import { steadyIds } from "../../components/use-steady-ids.ts";
import { BreakerModule } from "./breaker-module.tsx";
import classes from "./breaker-panel.module.css";
import { BreakerRow, BreakerRowHead } from "./breaker-row.tsx";
import { sharingWords } from "./circuit-words.ts";
import { groupEntries, matchesText, passesFilter, type PanelEntry, type StateFilter } from "./panel-filter.ts";
import { PanelGroup } from "./panel-group.tsx";
import { PanelToolbar } from "./panel-toolbar.tsx";
import { SeenWatch, SeenWatchContext } from "./seen-watch.ts";
import type { DrawerTab } from "./server-drawer.tsx";
import { usePanelKeys } from "./use-panel-keys.ts";
import { usePanelView } from "./use-panel-view.ts";

type BreakerPanelProps = {
  servers: readonly ServerView[];
  circuits: readonly CircuitView[];
  status: AppStatus;
  filter: StateFilter;
  onFilter: (filter: StateFilter) => void;
  onOpen: (server: string, tab: DrawerTab) => void;
  /** Orders of the page, beside the title. */
  actions: ReactNode;
};

/** A drawing library comes with it, which no other layout needs. */
const FleetMap = lazy(async () => ({ default: (await import("../map/fleet-map.tsx")).FleetMap }));

/** So many modules are drawn before any is scrolled to; no window shows more at once. */
const atOnce = 28;

/** One list for all that have none, so that their modules need not be drawn again. */
const none: readonly CircuitView[] = [];

/** Every server's module, in the catalog's order, under the headings that a person chose. */
export function BreakerPanel({ servers, circuits, status, filter, onFilter, onOpen, actions }: BreakerPanelProps) {
  const minutes = useMetrics().data;
  const held = useHeldTools();
  const [text, setText] = useState("");
  const { view, setView, grouping, setGrouping } = usePanelView(servers.length);
  const [seenWatch] = useState(() => new SeenWatch());
  const entries = useMemo(() => toEntries(servers, circuits), [servers, circuits]);
  const box = useRef<HTMLDivElement>(null);
  usePanelKeys(box);
  const hold = useHold(box);

  const sought = entries.filter(({ server }) => matchesText(server, text));
  const passing = sought.filter((entry) => passesFilter(entry, filter)).map(({ server }) => server.id);
  const shown = useShown(passing, hold.isHeld, `${filter} ${text}`);
  const byId = new Map(entries.map((entry) => [entry.server.id, entry]));
  const groups = groupEntries(
    shown.flatMap((id) => byId.get(id) ?? []),
    grouping,
  );
  const first = new Set(groups.flatMap((group) => group.entries.map(({ server }) => server.id)).slice(0, atOnce));
  const ready = servers.filter(({ connection }) => connection.kind === "ready").length;
  const sharing = status.circuitSharing ? [sharingWords(status.circuitSharing)] : [];
  const readyWords = `${ready} of ${formatCount(servers.length, "server")} ready`;
  const Module = view === "wide" ? BreakerModule : BreakerRow;
  const openAbout = useCallback((id: string) => onOpen(id, "about"), [onOpen]);

  return (
    <SeenWatchContext value={seenWatch}>
      <PageHeader title="Panel" description={[readyWords, ...sharing].join(" · ")}>
        {actions}
      </PageHeader>
      <PanelToolbar
        {...{ text, filter, onFilter, grouping, view }}
        onText={setText}
        countOf={(which) => sought.filter((entry) => passesFilter(entry, which)).length}
        onGrouping={setGrouping}
        onView={setView}
      />
      {view === "map" ? (
        <Suspense>
          <FleetMap
            servers={groups.flatMap((group) => group.entries.map(({ server }) => server))}
            circuits={circuits}
            status={status}
            onOpen={openAbout}
          />
        </Suspense>
      ) : (
        <div className={classes.groups} ref={box} {...hold.handlers}>
          {groups.map((group) => (
            <PanelGroup key={`${grouping} ${group.key}`} group={group}>
              {view === "compact" && <BreakerRowHead />}
              <div className={view === "wide" ? classes.modules : classes.rows}>
                {group.entries.map(({ server, circuits: own }) => (
                  <Module
                    key={server.id}
                    server={server}
                    circuit={own.find(({ tool }) => tool === null)}
                    toolCircuits={own.length > 1 ? own.filter(({ tool }) => tool !== null) : none}
                    minute={minutes?.[server.id]}
                    held={held.get(server.id) ?? 0}
                    isFirst={first.has(server.id)}
                    onOpen={onOpen}
                  />
                ))}
              </div>
            </PanelGroup>
          ))}
        </div>
      )}
      {shown.length === 0 && (
        <Nothing
          onShowAll={() => {
            setText("");
            onFilter("all");
          }}
        />
      )}
    </SeenWatchContext>
  );
}

function Nothing({ onShowAll }: { onShowAll: () => void }) {
  return (
    <div className={classes.empty}>
      <p>No server is so now.</p>
      <Button variant="default" onClick={onShowAll}>
        Show all
      </Button>
    </div>
  );
}

function toEntries(servers: readonly ServerView[], circuits: readonly CircuitView[]): PanelEntry[] {
  const byServer = new Map<string, CircuitView[]>();
  for (const circuit of circuits) {
    const own = byServer.get(circuit.server);
    if (own) own.push(circuit);
    else byServer.set(circuit.server, [circuit]);
  }
  return servers.map((server) => ({ server, circuits: byServer.get(server.id) ?? none }));
}

/** How many tools of each server are refused for what became of their definitions. */
function useHeldTools(): ReadonlyMap<string, number> {
  const tools = useTools().data;
  return useMemo(() => {
    const counts = new Map<string, number>();
    for (const { server, standing } of tools ?? []) {
      if (isQuarantined(standing)) counts.set(server, (counts.get(server) ?? 0) + 1);
    }
    return counts;
  }, [tools]);
}

/** Whether the pointer or the focus is among the modules: then none may move or go. */
function useHold(box: RefObject<HTMLElement | null>) {
  const [isHeld, setHeld] = useState(false);
  const handlers = {
    onPointerEnter: () => setHeld(true),
    onPointerLeave: () => setHeld(box.current?.contains(document.activeElement) ?? false),
    onFocus: () => setHeld(true),
    onBlur: () => setHeld(box.current?.matches(":hover") ?? false),
  };
  return { isHeld, handlers };
}

/**
 * Those that pass, in order; while they are held, those that no longer pass keep their place and new ones join at the end.
 * @param asked another question is another list: nothing of the old one is held
 */
function useShown(passing: readonly string[], isHeld: boolean, asked: string): readonly string[] {
  const [last, setLast] = useState({ asked, shown: passing });
  const isSame = passing.length === last.shown.length && passing.every((id, index) => id === last.shown[index]);
  const fresh = isSame ? last.shown : passing;
  const shown = isHeld && asked === last.asked ? steadyIds(last.shown, passing, () => true) : fresh;
  // Set while rendering, so that the old order is never painted.
  if (shown !== last.shown || asked !== last.asked) setLast({ asked, shown });
  return shown;
}
