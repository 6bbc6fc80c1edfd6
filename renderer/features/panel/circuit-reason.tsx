import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { CircuitView } from "../../../shared/circuit.ts";
import { useCircuitAction, type CircuitAction } from "../../api/use-circuits.ts";
import { ErrorState } from "../../components/error-state.tsx";
import classes from "./circuit-reason.module.css";
import { circuitOrders } from "./circuit-words.ts";

type CircuitReasonProps = { circuit: CircuitView; action: CircuitAction; onClose: () => void };

/** Asks why, with an answer ready, so that the record means something. */
export function CircuitReason({ circuit, action, onClose }: CircuitReasonProps) {
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
