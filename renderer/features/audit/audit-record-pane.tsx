import { CloseButton } from "@mantine/core";
import { IconLink } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import type { AuditRecord } from "../../../shared/audit.ts";
import { formatMoment } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import { JsonTree } from "../../components/json-tree.tsx";
import { useKeys } from "../../components/use-keys.ts";
import classes from "./audit-record-pane.module.css";
import { kindWord } from "./audit-words.ts";

/** One record: all that it says, and its link to the one before it. */
export function AuditRecordPane({ record, onClose }: { record: AuditRecord; onClose: () => void }) {
  useKeys({ Escape: onClose });
  const call = typeof record.detail.call === "string" ? record.detail.call : null;
  return (
    <section className={classes.pane} aria-label="Record">
      <header className={classes.head}>
        <h2 className={classes.heading}>
          Record {record.seq} · <InertText text={kindWord(record.kind)} maxLength={60} />
        </h2>
        <CloseButton aria-label="Close the record" onClick={onClose} />
      </header>
      <div className={classes.body}>
        <dl className={classes.facts}>
          <dt>When</dt>
          <dd>{formatMoment(record.at)}</dd>
          <dt>Who</dt>
          <dd>
            <InertText text={record.by} maxLength={200} />
          </dd>
          {record.subject && (
            <>
              <dt>Subject</dt>
              <dd>
                <InertText text={record.subject} maxLength={400} mono />
              </dd>
            </>
          )}
          {call !== null && (
            <>
              <dt>Call</dt>
              <dd>
                <Link to={`/activity?${new URLSearchParams({ call }).toString()}`}>Open its timeline</Link>
              </dd>
            </>
          )}
        </dl>
        <h3 className={classes.title}>Detail</h3>
        <JsonTree value={record.detail} label="Detail" />
        <h3 className={classes.title}>Link in the chain</h3>
        <div className={classes.chain}>
          <Hash
            label={record.seq === 1 ? "Begins the chain" : `Hash of record ${record.seq - 1}`}
            hash={record.previous}
          />
          <IconLink size={14} aria-hidden />
          <Hash label="Hash of this record" hash={record.hash} />
        </div>
      </div>
    </section>
  );
}

function Hash({ label, hash }: { label: string; hash: string }) {
  return (
    <div className={classes.hash}>
      <span>{label}</span>
      <code>{hash}</code>
    </div>
  );
}
