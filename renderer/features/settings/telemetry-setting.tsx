import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { telemetryEndpointSchema, type SettingsView } from "../../../shared/settings.ts";
import { useSetSettings } from "../../api/use-settings.ts";
import { Governed, SettingRow } from "./setting-row.tsx";
import classes from "./settings.module.css";

/** The OpenTelemetry receiver that is told of calls; none where it is empty. */
export function TelemetrySetting({ telemetry }: { telemetry: SettingsView["telemetry"] }) {
  const set = useSetSettings();
  const current = telemetry.value.endpoint ?? "";
  const [typed, setTyped] = useState(current);
  const governed = telemetry.governedBy === "environment-variable";
  const wanted = typed.trim();
  const checked = telemetryEndpointSchema.safeParse(wanted);
  const isNew = wanted !== current;
  const isUsable = wanted === "" || checked.success;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (isNew && isUsable) set.mutate({ telemetry: { endpoint: wanted === "" ? null : wanted } });
  };
  return (
    <SettingRow
      title="OpenTelemetry receiver"
      description="Is sent calls as spans and metrics, never their arguments or results."
    >
      <form className={classes.inline} onSubmit={onSubmit}>
        <TextInput
          aria-label="OpenTelemetry receiver"
          size="xs"
          w={280}
          placeholder="http://localhost:4318"
          value={governed ? current : typed}
          disabled={governed}
          maxLength={2048}
          error={isNew && !isUsable && !governed ? checked.error?.issues[0]?.message : undefined}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {!governed && isNew && (
          <Button type="submit" disabled={!isUsable} loading={set.isPending}>
            {wanted === "" ? "Tell nobody" : "Use it"}
          </Button>
        )}
      </form>
      {governed && <Governed variable={telemetry.variable} />}
    </SettingRow>
  );
}
