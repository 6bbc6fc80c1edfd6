import { Button, Select } from "@mantine/core";
import { useState } from "react";
import type { Ticket } from "../../../shared/approval.ts";
import { formatCount } from "../../components/format.ts";
import { BulkDialog } from "./bulk-dialog.tsx";
import classes from "./bulk-bar.module.css";
import { choicesOf, filterKeys, type TicketFilter } from "./ticket-filter.ts";

type BulkBarProps = {
  /** Every call that waits, whether it is shown or not. */
  waiting: readonly Ticket[];
  filter: TicketFilter;
  onFilter: (filter: TicketFilter) => void;
  /** What a verdict on many is for: those that were selected, else all that are shown. */
  chosen: readonly Ticket[];
  isSelection: boolean;
  onClear: () => void;
};

const labels = { server: "Server", tool: "Tool", client: "Caller" } as const;

/** Narrows the list, and decides what is left of it at once. */
export function BulkBar({ waiting, filter, onFilter, chosen, isSelection, onClear }: BulkBarProps) {
  const [asked, setAsked] = useState<{ kind: "approve" | "deny"; tickets: readonly Ticket[] } | null>(null);
  const count = formatCount(chosen.length, "call");
  return (
    <div className={classes.bar} role="group" aria-label="Decide many">
      {filterKeys.map((key) => (
        <Select
          key={key}
          aria-label={labels[key]}
          placeholder={`Any ${labels[key].toLowerCase()}`}
          size="xs"
          className={classes.select ?? ""}
          data={choicesOf(waiting, key, filter[key])}
          value={filter[key]}
          onChange={(value) => onFilter({ ...filter, [key]: value })}
          clearable
        />
      ))}
      <span className={classes.count} role="status">
        {isSelection ? `${count} selected` : `${chosen.length} of ${waiting.length} shown`}
      </span>
      {isSelection && (
        <Button size="xs" variant="subtle" color="gray" onClick={onClear}>
          Clear
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        disabled={chosen.length === 0}
        onClick={() => setAsked({ kind: "approve", tickets: chosen })}
      >
        Approve {count}…
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={chosen.length === 0}
        onClick={() => setAsked({ kind: "deny", tickets: chosen })}
      >
        Deny {count}…
      </Button>
      {asked && (
        <BulkDialog
          {...asked}
          onClose={() => {
            setAsked(null);
            onClear();
          }}
        />
      )}
    </div>
  );
}
