import { Skeleton } from "@mantine/core";
import { IconServerOff } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { useSearchParams } from "react-router-dom";
import { useCircuits } from "../api/use-circuits.ts";
import { useServers } from "../api/use-servers.ts";
import { useStatus } from "../api/use-status.ts";
import { EmptyState } from "../components/empty-state.tsx";
import { ErrorState } from "../components/error-state.tsx";
import { PageHeader } from "../components/page-header.tsx";
import { ImportButton } from "../features/import/import-button.tsx";
import { ImportDialog } from "../features/import/import-dialog.tsx";
import { BreakerPanel } from "../features/panel/breaker-panel.tsx";
import { CatalogProblems } from "../features/panel/catalog-problems.tsx";
import { stateFilters, type StateFilter } from "../features/panel/panel-filter.ts";
import { drawerTabs, ServerDrawer, type DrawerTab } from "../features/panel/server-drawer.tsx";
import { FolderButton } from "../features/shell/folder-button.tsx";
import { Welcome } from "../features/panel/welcome.tsx";
import classes from "./panel.module.css";

/** Home: which servers are up, and which circuits are not closed. */
export function PanelPage() {
  const status = useStatus();
  const servers = useServers();
  const circuits = useCircuits();
  const { filter, server, tab, set } = usePanelParams();
  const open = useCallback((id: string, which: DrawerTab) => set({ server: id, tab: which }), [set]);

  const [isImporting, setImporting] = useState(false);
  const importButton = <ImportButton onClick={() => setImporting(true)} />;

  const failed = [servers, circuits].find((query) => query.isError);
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!status.data || !servers.data || !circuits.data) return <PanelSkeleton />;

  return (
    <div className={classes.page}>
      <CatalogProblems catalog={status.data.catalog} />
      {!status.data.mcp.enabled ? (
        <Welcome mcp={status.data.mcp} servers={servers.data} actions={importButton} />
      ) : servers.data.length === 0 ? (
        <>
          <PageHeader title="Panel">{importButton}</PageHeader>
          <EmptyState
            icon={IconServerOff}
            title="No server is in the catalog"
            action={<FolderButton folder="catalog" path={status.data.catalog.folder} label="Open the catalog folder" />}
          >
            Each server is one YAML file in <code>servers/</code>: an id, a transport, and a command or a URL. Its
            module appears here as soon as the file is saved.
          </EmptyState>
        </>
      ) : (
        <BreakerPanel
          servers={servers.data}
          circuits={circuits.data}
          status={status.data}
          filter={filter}
          onFilter={(state) => set({ state: state === "all" ? null : state })}
          onOpen={open}
          actions={importButton}
        />
      )}
      <ImportDialog isOpen={isImporting} onClose={() => setImporting(false)} />
      <ServerDrawer
        server={servers.data.find(({ id }) => id === server) ?? null}
        circuits={circuits.data.filter((circuit) => circuit.server === server)}
        tab={tab}
        onTab={(which) => set({ tab: which })}
        onClose={() => set({ server: null, tab: null })}
      />
    </div>
  );
}

/** What the address says: `state`, the filter; `server` and `tab`, the open drawer. */
function usePanelParams() {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (change: Readonly<Record<string, string | null>>) =>
      setParams(
        (current) => {
          const next = new URLSearchParams(current);
          for (const [name, value] of Object.entries(change)) {
            if (value === null) next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  return {
    filter: oneOf<StateFilter>(stateFilters, params.get("state"), "all"),
    server: params.get("server"),
    tab: oneOf<DrawerTab>(drawerTabs, params.get("tab"), "about"),
    set,
  };
}

function oneOf<T extends string>(values: readonly T[], value: string | null, otherwise: T): T {
  return values.find((known) => known === value) ?? otherwise;
}

function PanelSkeleton() {
  return (
    <div className={classes.skeleton} aria-busy aria-label="Reading the servers">
      {Array.from({ length: 6 }, (_, index) => (
        <Skeleton key={index} height={216} radius="md" animate={false} />
      ))}
    </div>
  );
}
