import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { PinView } from "../../../shared/pin.ts";
import { useAcceptPins, useBlockPins } from "../../api/use-pins.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { formatCount } from "../../components/format.ts";
import classes from "./pin-verdict.module.css";

/** Stand by these definitions, or refuse their tools: with a reason that the record keeps. */
export function PinVerdict({ server, pins }: { server: string; pins: readonly PinView[] }) {
  const [why, setWhy] = useState("");
  const accept = useAcceptPins();
  const block = useBlockPins();
  const reason = why.trim();
  const isBusy = accept.isPending || block.isPending;
  const error = accept.error ?? block.error;
  const choices = pins.map(({ tool, fingerprint }) => ({ tool, fingerprint }));
  const tools = pins.map(({ tool }) => tool);
  const areAllAccepted = pins.every(({ standing }) => standing === "accepted");
  const areAllBlocked = pins.every(({ standing }) => standing === "blocked");
  const many = pins.length > 1 ? ` all ${formatCount(pins.length, "tool")}` : "";
  const done = { onSuccess: () => setWhy("") };

  const onAccept = () => {
    block.reset();
    accept.mutate({ server, tools: choices, why: reason }, done);
  };
  const onBlock = () => {
    accept.reset();
    block.mutate({ server, tools, why: reason }, done);
  };
  return (
    <form className={classes.bar} aria-label="Verdict" onSubmit={(event) => event.preventDefault()}>
      {error && <ErrorState error={error} />}
      <div className={classes.line}>
        <TextInput
          className={classes.why ?? ""}
          label="Why"
          placeholder="The record keeps it"
          maxLength={500}
          value={why}
          onChange={(event) => setWhy(event.currentTarget.value)}
        />
        {!areAllAccepted && (
          <Button size="sm" type="button" disabled={reason === "" || isBusy} onClick={onAccept}>
            Accept{many}
          </Button>
        )}
        {!areAllBlocked && (
          <Button size="sm" type="button" variant="default" disabled={reason === "" || isBusy} onClick={onBlock}>
            Block{many}
          </Button>
        )}
      </div>
    </form>
  );
}
