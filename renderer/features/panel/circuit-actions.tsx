import { Button, Popover, TextInput } from "@mantine/core";
import { useState } from "react";
import type { CircuitView } from "../../../shared/circuit.ts";
import { useCircuitAction, type CircuitAction } from "../../api/use-circuits.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { circuitOrders } from "./circuit-words.ts";
import classes from "./circuit-actions.module.css";

const actions = ["reset", "trip", "probe"] as const;

/** Reset, trip and probe, always in the same place; what would change nothing cannot be pressed. */
export function CircuitActions({ circuit }: { circuit: CircuitView }) {
  return (
    <div className={classes.actions}>
      {actions.map((action) => (
        <ActionWithReason key={action} circuit={circuit} action={action} />
      ))}
    </div>
  );
}

/** Asks why, with an answer ready, so that the record means something. */
function ActionWithReason({ circuit, action }: { circuit: CircuitView; action: CircuitAction }) {
  const { label, meaning, reason, applies } = circuitOrders[action];
  const [isOpen, setOpen] = useState(false);
  const [why, setWhy] = useState<string>(reason);
  const order = useCircuitAction({ showsOwnError: true });
  const close = () => {
    setOpen(false);
    setWhy(reason);
    order.reset();
  };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (why.trim() === "") return;
    order.mutate({ action, server: circuit.server, tool: circuit.tool, why: why.trim() }, { onSuccess: close });
  };
  return (
    <Popover
      opened={isOpen}
      onChange={(opened) => !opened && close()}
      trapFocus
      withinPortal
      position="top-start"
      width={320}
    >
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          className={classes.action ?? ""}
          disabled={!applies(circuit) && !isOpen}
          title={meaning}
          onClick={() => setOpen(!isOpen)}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`${label} circuit`}>
        <form className={classes.form} onSubmit={submit}>
          <p className={classes.meaning}>{meaning}</p>
          <TextInput
            label="Why"
            data-autofocus
            value={why}
            maxLength={500}
            required
            withAsterisk={false}
            onChange={(event) => setWhy(event.currentTarget.value)}
            onFocus={(event) => event.currentTarget.select()}
          />
          {order.isError && <ErrorState error={order.error} />}
          <div className={classes.confirm}>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={order.isPending} disabled={why.trim() === ""}>
              {label} circuit
            </Button>
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
