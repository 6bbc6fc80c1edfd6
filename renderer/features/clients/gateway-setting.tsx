import { Button, NumberInput, Switch } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { gatewaySettingsSchema, type EndpointState, type GatewaySettings } from "../../../shared/endpoint.ts";
import { useSetSettings } from "../../api/use-settings.ts";
import { EndpointLine } from "../access/endpoint-line.tsx";
import classes from "./clients.module.css";

type GatewaySettingProps = { gateway: GatewaySettings; state: EndpointState | undefined };

/** Whether the gateway listens, and where. */
export function GatewaySetting({ gateway, state }: GatewaySettingProps) {
  const set = useSetSettings();
  const [port, setPort] = useState(gateway.port);
  const wanted = gatewaySettingsSchema.safeParse({ ...gateway, port });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wanted.success) set.mutate({ gateway: wanted.data });
  };
  return (
    <section className={classes.card} aria-label="Gateway">
      <div className={classes.row}>
        <div className={classes.words}>
          <h2 className={classes.title}>Gateway</h2>
          <p className={classes.quiet}>
            One MCP server on this machine that stands for all of yours. Each call takes the same path as from here.
          </p>
        </div>
        <form className={classes.port} onSubmit={submit}>
          <span className={classes.quiet} aria-hidden>
            Port
          </span>
          <NumberInput
            aria-label="Port"
            size="xs"
            w={76}
            value={port}
            min={1}
            max={65_535}
            allowDecimal={false}
            hideControls
            onChange={(typed) => setPort(Number(typed))}
          />
          {port !== gateway.port && (
            <Button type="submit" disabled={!wanted.success} loading={set.isPending}>
              Use it
            </Button>
          )}
        </form>
        <Switch
          aria-label="Gateway"
          label={gateway.enabled ? "On" : "Off"}
          checked={gateway.enabled}
          disabled={set.isPending}
          onChange={(event) => set.mutate({ gateway: { ...gateway, enabled: event.currentTarget.checked } })}
        />
      </div>
      {state && <EndpointLine state={state} />}
    </section>
  );
}
