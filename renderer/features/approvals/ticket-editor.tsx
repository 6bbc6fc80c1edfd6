import { useMemo, useState } from "react";
import type { Ticket } from "../../../shared/approval.ts";
import { useTools } from "../../api/use-tools.ts";
import { hasChange, toJsonTree } from "../../components/json-diff.ts";
import { JsonTree } from "../../components/json-tree.tsx";
import { ArgumentsEditor } from "../tools/arguments-editor.tsx";
import type { Args, Draft } from "../tools/call-store.ts";
import { judge } from "../tools/schema-judge.ts";
import classes from "./ticket-detail.module.css";

/** What the approver makes of the arguments: `args` is `null` while they cannot be sent, or are as they were. */
export type Edit = { args: Args | null };

/** The arguments to change, by the tool's own form or as JSON, and below them what that changes. */
export function TicketEditor({ ticket, onEdit }: { ticket: Ticket; onEdit: (edit: Edit) => void }) {
  const tools = useTools();
  const tool = tools.data?.find(({ server, name }) => server === ticket.server && name === ticket.tool);
  const schema = tool?.inputSchema ?? true;
  const [draft, setDraft] = useState<Draft>({ args: ticket.args as Args, unreadable: null });
  const verdict = useMemo(() => judge(schema, draft.args), [schema, draft.args]);
  const change = (next: Draft) => {
    setDraft(next);
    const judged = judge(schema, next.args);
    const isFit = next.unreadable === null && (judged.kind === "unjudgeable" || judged.problems.length === 0);
    onEdit({ args: isFit && hasChange(toJsonTree(next.args, ticket.args)) ? next.args : null });
  };
  return (
    <>
      <div className={classes.part}>
        <div className={classes.partHeader}>
          <h3>Edit the arguments</h3>
          <p>The caller is told what you change</p>
        </div>
        <ArgumentsEditor schema={schema} draft={draft} onChange={change} verdict={verdict} showProblems />
      </div>
      <div className={classes.part}>
        <div className={classes.partHeader}>
          <h3>What would be sent</h3>
          <p>What differs from what was asked for is marked</p>
        </div>
        <div className={classes.box}>
          <JsonTree value={draft.args} compareTo={ticket.args} label="What would be sent" />
        </div>
      </div>
    </>
  );
}
