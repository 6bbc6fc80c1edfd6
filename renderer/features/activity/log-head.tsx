import { memo } from "react";
import type { Invocation, InvocationFilter } from "../../../shared/invocation.ts";
import { useExportCalls } from "../../api/use-export.ts";
import { useServers } from "../../api/use-servers.ts";
import { PageHeader } from "../../components/page-header.tsx";
import { useSteadyIds } from "../../components/use-steady-ids.ts";
import { ChartsFold } from "../charts/charts-fold.tsx";
import { ExportMenu, ExportState } from "./export-calls.tsx";
import { FilterBar } from "./filter-bar.tsx";
import type { FilterChoice } from "./filter-params.ts";

type LogHeadProps = {
  choice: FilterChoice;
  filter: InvocationFilter;
  onChange: (choice: FilterChoice) => void;
  /** The clients of these calls are offered. */
  rows: readonly Invocation[];
};

/** What stands above the log. */
export function LogHead({ rows, ...head }: LogHeadProps) {
  const servers = useServers();
  return (
    <Head
      {...head}
      servers={useSteadyIds(servers.data?.map(({ id }) => id) ?? [], neverHeld)}
      clients={useSteadyIds([...new Set(["console", ...rows.map(({ client }) => client)])], neverHeld)}
    />
  );
}

const neverHeld = () => false;

type HeadProps = Omit<LogHeadProps, "rows"> & { servers: readonly string[]; clients: readonly string[] };

/** Left alone while only calls come, as it has many parts. */
const Head = memo(function Head({ choice, filter, onChange, servers, clients }: HeadProps) {
  const exporting = useExportCalls();
  return (
    <>
      <PageHeader title="Activity" description="Every call, newest first. A row opens its timeline.">
        <ExportMenu exporting={exporting} filter={filter} />
      </PageHeader>
      <FilterBar choice={choice} onChange={onChange} servers={servers} clients={clients} />
      <ExportState exporting={exporting} />
      <ChartsFold
        server={choice.server}
        tool={choice.tool}
        onTool={(server, tool) => onChange({ ...choice, server, tool })}
      />
    </>
  );
});
