import { Button, NumberInput, Switch } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { metricsSettingsSchema, type MetricsSettings } from "../../../shared/endpoint.ts";
import { useEndpoint } from "../../api/use-access.ts";
import { useSetSettings } from "../../api/use-settings.ts";
import { EndpointLine } from "../access/endpoint-line.tsx";
import { NewToken } from "../access/new-token.tsx";
import { TokenList } from "../access/token-list.tsx";
import { SettingRow } from "./setting-row.tsx";
import classes from "./settings.module.css";

/** Whether a Prometheus server may ask, where, and with which token. */
export function MetricsSetting({ metrics }: { metrics: MetricsSettings }) {
  const set = useSetSettings();
  const { data: state } = useEndpoint("metrics");
  return (
    <>
      <SettingRow
        title="Prometheus endpoint"
        description="Calls, circuits and tickets as metrics, on this machine, for those with a token."
      >
        <div className={classes.inline}>
          {metrics.enabled && <Port key={metrics.port} metrics={metrics} />}
          <Switch
            className={classes.switch}
            aria-label="Prometheus endpoint"
            label={metrics.enabled ? "On" : "Off"}
            checked={metrics.enabled}
            disabled={set.isPending}
            onChange={(event) => set.mutate({ metrics: { ...metrics, enabled: event.currentTarget.checked } })}
          />
        </div>
      </SettingRow>
      {state && state.state !== "off" && (
        <div className={classes.row}>
          <EndpointLine state={state} />
        </div>
      )}
      {metrics.enabled && (
        <div className={classes.stack}>
          <TokenList area="metrics" empty="Nobody can ask yet: make a token." />
          <NewToken area="metrics" example="prometheus" />
        </div>
      )}
    </>
  );
}

function Port({ metrics }: { metrics: MetricsSettings }) {
  const set = useSetSettings();
  const [port, setPort] = useState<number | string>(metrics.port);
  const wanted = metricsSettingsSchema.safeParse({ ...metrics, port });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wanted.success) set.mutate({ metrics: wanted.data });
  };
  return (
    <form className={classes.inline} onSubmit={submit}>
      <NumberInput
        aria-label="Port of the Prometheus endpoint"
        size="xs"
        w={110}
        prefix="Port "
        value={port}
        min={1}
        max={65_535}
        clampBehavior="strict"
        allowDecimal={false}
        hideControls
        onChange={setPort}
      />
      {port !== metrics.port && (
        <Button type="submit" disabled={!wanted.success} loading={set.isPending}>
          Use it
        </Button>
      )}
    </form>
  );
}
