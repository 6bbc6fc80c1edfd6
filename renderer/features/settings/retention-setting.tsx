import { Button, NumberInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { RetentionSettings } from "../../../shared/settings.ts";
import { useSetSettings } from "../../api/use-settings.ts";
import { SettingRow } from "./setting-row.tsx";
import classes from "./settings.module.css";

/** How long and how much the journal keeps. */
export function RetentionSetting({ retention }: { retention: RetentionSettings }) {
  const set = useSetSettings();
  const [days, setDays] = useState<number | string>(retention.days);
  const [megabytes, setMegabytes] = useState<number | string>(retention.megabytes);
  const isNew = days !== retention.days || megabytes !== retention.megabytes;
  const isWhole = typeof days === "number" && typeof megabytes === "number";
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (isNew && isWhole) set.mutate({ retention: { days, megabytes } });
  };
  return (
    <SettingRow
      title="Retention"
      description="Calls that are older, and the oldest above the size, are dropped. The audit chain is kept whole."
    >
      <form className={classes.inline} onSubmit={onSubmit}>
        <NumberInput
          aria-label="Days"
          size="xs"
          w={108}
          suffix=" days"
          min={1}
          max={3650}
          clampBehavior="strict"
          allowDecimal={false}
          value={days}
          onChange={setDays}
        />
        <NumberInput
          aria-label="Megabytes"
          size="xs"
          w={128}
          suffix=" MB"
          thousandSeparator=" "
          min={10}
          max={1_000_000}
          allowDecimal={false}
          value={megabytes}
          onChange={setMegabytes}
        />
        {isNew && isWhole && (
          <Button type="submit" loading={set.isPending}>
            Use it
          </Button>
        )}
      </form>
    </SettingRow>
  );
}
