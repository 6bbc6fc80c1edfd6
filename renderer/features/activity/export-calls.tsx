import { Button, CloseButton, Menu, Progress } from "@mantine/core";
import { IconBraces, IconFileExport, IconTable } from "@tabler/icons-react";
import type { InvocationFilter } from "../../../shared/invocation.ts";
import type { LogFormat } from "../../../shared/log-export.ts";
import { ApiError } from "../../api/api-error.ts";
import type { useExportCalls } from "../../api/use-export.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { formatCount } from "../../components/format.ts";
import classes from "./export-calls.module.css";

type Exporting = ReturnType<typeof useExportCalls>;

/** Writes what the filter shows to a file. */
export function ExportMenu({ exporting, filter }: { exporting: Exporting; filter: InvocationFilter }) {
  const begin = (format: LogFormat) => exporting.mutate({ filter, format });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconFileExport size={16} aria-hidden />} disabled={exporting.isPending}>
          Export…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>What the filter shows</Menu.Label>
        <Menu.Item leftSection={<IconBraces size={14} aria-hidden />} onClick={() => begin("jsonl")}>
          JSONL, each call with its timeline
        </Menu.Item>
        <Menu.Item leftSection={<IconTable size={14} aria-hidden />} onClick={() => begin("csv")}>
          CSV, a row a call
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** How far the export is, and what became of it. */
export function ExportState({ exporting }: { exporting: Exporting }) {
  const { progress, data, error, isPending, isError, cancel, reset } = exporting;
  if (isError) {
    if (error instanceof ApiError && error.code === "cancelled")
      return <Told text="Export cancelled; no file was written." onClose={reset} />;
    return <ErrorState error={error} onRetry={reset} />;
  }
  if (isPending && progress) {
    return (
      <div className={classes.state}>
        <Progress className={classes.bar} aria-label="Export" size="sm" value={progress.share * 100} />
        <span role="status">{formatCount(progress.calls, "call")} written</span>
        <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
          Cancel the export
        </Button>
      </div>
    );
  }
  if (!data?.file) return null;
  return (
    <Told text={`${formatCount(data.calls, "call")} written to ${data.file}. Secrets are masked.`} onClose={reset} />
  );
}

function Told({ text, onClose }: { text: string; onClose: () => void }) {
  return (
    <div className={classes.state}>
      <span role="status">{text}</span>
      <CloseButton size="sm" aria-label="Close" onClick={onClose} />
    </div>
  );
}
