import { Button, Popover, TextInput } from "@mantine/core";
import { useState } from "react";
import type { CircuitView } from "../../../shared/circuit.ts";
import { useCircuitAction, type CircuitAction } from "../../api/use-circuits.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { circuitOrders } from "./circuit-words.ts";
import classes from "./circuit-actions.module.css";

const actions = ["reset", "trip", "probe"] as const;

/** Reset, trip and probe, always in the same place; what would change nothing cannot be pressed. Each asks why. */
export function CircuitActions({ circuit }: { circuit: CircuitView }) {
  const [isOpen, setOpen] = useState(false);
  const [asked, setAsked] = useState<CircuitAction>("reset");
  const { label } = circuitOrders[asked];
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      trapFocus
      returnFocus
      withRoles={false}
      withinPortal
      position="top-start"
      width={320}
    >
      <Popover.Target>
        <div className={classes.actions}>
          {actions.map((action) => {
            const isIdle = !circuitOrders[action].applies(circuit);
            return (
              <Button
                key={action}
                size="compact-sm"
                variant="subtle"
                color="gray"
                className={classes.action ?? ""}
                // Not the attribute: what was just done here would take the focus with it.
                aria-disabled={isIdle}
                data-disabled={isIdle || undefined}
                title={circuitOrders[action].meaning}
                aria-haspopup="dialog"
                aria-expanded={isOpen && asked === action}
                onClick={() => {
                  if (isIdle) return;
                  setOpen(!isOpen || asked !== action);
                  setAsked(action);
                }}
              >
                {circuitOrders[action].label}
              </Button>
            );
          })}
        </div>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={`${label} circuit`}>
        <ReasonForm key={asked} circuit={circuit} action={asked} onClose={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

type ReasonFormProps = { circuit: CircuitView; action: CircuitAction; onClose: () => void };

/** Asks why, with an answer ready, so that the record means something. */
function ReasonForm({ circuit, action, onClose }: ReasonFormProps) {
  const { label, meaning, reason } = circuitOrders[action];
  const [why, setWhy] = useState<string>(reason);
  const order = useCircuitAction({ showsOwnError: true });
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (why.trim() === "") return;
    order.mutate({ action, server: circuit.server, tool: circuit.tool, why: why.trim() }, { onSuccess: onClose });
  };
  return (
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
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={order.isPending} disabled={why.trim() === ""}>
          {label} circuit
        </Button>
      </div>
    </form>
  );
}
