import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowUp, IconFileExport, IconLink, IconSearch, IconShieldCheck } from "@tabler/icons-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { AuditRecord } from "../../shared/audit.ts";
import { useAudit, useExportAudit, useVerifyAudit } from "../api/use-audit.ts";
import { EmptyState } from "../components/empty-state.tsx";
import { ErrorState } from "../components/error-state.tsx";
import { formatCount } from "../components/format.ts";
import { PageHeader } from "../components/page-header.tsx";
import { AuditList } from "../features/audit/audit-list.tsx";
import { AuditRecordPane } from "../features/audit/audit-record-pane.tsx";
import { groups, toFilter, type Group } from "../features/audit/audit-words.ts";
import { ChainCheck } from "../features/audit/chain-check.tsx";
import classes from "./audit.module.css";
import layout from "./log-page.module.css";

const groupOptions = Object.entries(groups).map(([value, { label }]) => ({ value, label }));

/** Who decided and did what: the audit chain, and the proof that it is whole. */
export function AuditPage() {
  const [group, setGroup] = useState<Group>("acts");
  const [text, setText] = useState("");
  const [sought] = useDebouncedValue(text, 250);
  const filter = useMemo(() => toFilter(group, sought), [group, sought]);
  const chain = useAudit(filter);
  const verify = useVerifyAudit();
  const exporting = useExportAudit();
  const [open, setOpen] = useState<AuditRecord | null>(null);
  const [atTop, setAtTop] = useState(true);

  const { hasNew, refetch, fetchNextPage, isFetching, isFetchingNextPage } = chain;
  useEffect(() => {
    if (atTop && hasNew && !isFetching) void refetch();
  }, [atTop, hasNew, isFetching, refetch]);
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);

  return (
    <div className={layout.page} data-open={open !== null}>
      <div className={layout.log}>
        <div className={layout.top}>
          <PageHeader
            title="Audit"
            description="Who decided and did what. Each record holds the hash of the one before it, so none can be changed unnoticed."
          >
            <Button
              variant="default"
              leftSection={<IconFileExport size={16} aria-hidden />}
              loading={exporting.isPending}
              onClick={() => exporting.mutate()}
            >
              Export…
            </Button>
            <Button
              leftSection={<IconShieldCheck size={16} aria-hidden />}
              loading={verify.isPending}
              onClick={() => verify.mutate()}
            >
              Check the chain
            </Button>
          </PageHeader>
          {verify.isError && <ErrorState error={verify.error} onRetry={() => verify.mutate()} />}
          {verify.isSuccess && <ChainCheck verdict={verify.data} />}
          {exporting.isError && <ErrorState error={exporting.error} onRetry={() => exporting.mutate()} />}
          {exporting.data?.file && (
            <p className={classes.told} role="status">
              {formatCount(exporting.data.records, "record")} written to {exporting.data.file}. Anybody can check them:
              switchgear audit verify FILE
            </p>
          )}
          <div className={classes.filters} role="search" aria-label="Filter the chain">
            <TextInput
              className={classes.search}
              aria-label="Search the chain"
              placeholder="Subject or detail"
              leftSection={<IconSearch size={14} aria-hidden />}
              maxLength={200}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Select
              aria-label="What"
              className={classes.select}
              data={groupOptions}
              value={group}
              allowDeselect={false}
              onChange={(next) => setGroup((next as Group | null) ?? "acts")}
            />
          </div>
        </div>
        <div className={layout.rows}>
          {!atTop && hasNew && (
            <Button
              className={layout.fresh}
              radius="xl"
              leftSection={<IconArrowUp size={14} aria-hidden />}
              onClick={() => void refetch()}
            >
              New records
            </Button>
          )}
          {chain.isError ? (
            <ErrorState error={chain.error} onRetry={() => void refetch()} />
          ) : chain.isSuccess && chain.rows.length === 0 ? (
            <EmptyState icon={IconLink} title="No record here">
              Verdicts, grants, policy changes, switches, circuit actions, settings and every decision on a call are
              recorded as they happen. None fits this filter yet.
            </EmptyState>
          ) : (
            <AuditList
              key={JSON.stringify(filter)}
              rows={chain.rows}
              hasMore={chain.hasNextPage}
              onMore={onMore}
              openSeq={open?.seq ?? null}
              onOpen={setOpen}
              onTopChange={setAtTop}
            />
          )}
        </div>
        <p className={layout.foot} role="status">
          {chain.isPending
            ? "Reading the chain…"
            : `${formatCount(chain.rows.length, "record")}${chain.hasNextPage ? " so far" : ""}`}
        </p>
      </div>
      {open !== null && (
        <aside className={layout.pane}>
          <AuditRecordPane record={open} onClose={() => setOpen(null)} />
        </aside>
      )}
    </div>
  );
}
