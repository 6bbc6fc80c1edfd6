import { Button, Popover } from "@mantine/core";
import { useRef, useState } from "react";
import type { CircuitView } from "../../../shared/circuit.ts";
import type { CircuitAction } from "../../api/use-circuits.ts";
import { CircuitReason } from "./circuit-reason.tsx";
import { circuitOrders } from "./circuit-words.ts";
import classes from "./circuit-actions.module.css";

const actions = ["reset", "trip", "probe"] as const;

type CircuitActionsProps = {
  circuit: CircuitView;
  /** Leaves out what would change nothing, where room is scarce. */
  isShort?: boolean;
};

/** Reset, trip and probe, always in the same place; what would change nothing cannot be pressed. Each asks why. */
export function CircuitActions({ circuit, isShort = false }: CircuitActionsProps) {
  const [asked, setAsked] = useState<CircuitAction | null>(null);
  const buttons = useRef<HTMLDivElement>(null);
  const close = () => {
    // What was pressed may be gone once it is done.
    const back = isShort
      ? buttons.current?.closest("[data-server]")
      : buttons.current?.querySelector(`[data-order="${asked}"]`);
    if (back instanceof HTMLElement) back.focus();
    setAsked(null);
  };
  return (
    <div ref={buttons} className={classes.actions}>
      {actions.map((action) => {
        const isIdle = !circuitOrders[action].applies(circuit);
        if (isIdle && isShort && asked !== action) return null;
        return (
          <Button
            key={action}
            size="compact-sm"
            variant="subtle"
            color="gray"
            className={classes.action ?? ""}
            data-order={action}
            // Not the attribute: what was just done here would take the focus with it.
            aria-disabled={isIdle}
            data-disabled={isIdle || undefined}
            title={circuitOrders[action].meaning}
            aria-haspopup="dialog"
            aria-expanded={asked === action}
            onClick={() => {
              if (!isIdle) setAsked(asked === action ? null : action);
            }}
          >
            {circuitOrders[action].label}
          </Button>
        );
      })}
      {/* Only once it is asked for: a panel of many servers would measure each. */}
      {asked && (
        <Popover
          opened
          onChange={(isOpen) => isOpen || close()}
          trapFocus
          withRoles={false}
          withinPortal
          position="top-start"
          width={320}
        >
          <Popover.Target>
            <span className={classes.anchor} />
          </Popover.Target>
          <Popover.Dropdown role="dialog" aria-label={`${circuitOrders[asked].label} circuit`}>
            <CircuitReason key={asked} circuit={circuit} action={asked} onClose={close} />
          </Popover.Dropdown>
        </Popover>
      )}
    </div>
  );
}
