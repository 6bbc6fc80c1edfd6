import { Autocomplete, Button } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { SettingsView } from "../../../shared/settings.ts";
import { useSetSettings } from "../../api/use-settings.ts";
import { Governed, SettingRow } from "./setting-row.tsx";
import classes from "./settings.module.css";

type EnvironmentSettingProps = {
  environment: SettingsView["environment"];
  /** Those that the policy file names. */ known: readonly string[];
};

/** The environment that the policy judges by: one that its file names, or any other. */
export function EnvironmentSetting({ environment, known }: EnvironmentSettingProps) {
  const set = useSetSettings();
  const [typed, setTyped] = useState(environment.value);
  const chosen = typed.trim();
  const governed = environment.governedBy === "environment-variable";
  const isNew = chosen !== "" && chosen !== environment.value;
  const apply = (value: string) => set.mutate({ environment: value });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (isNew) apply(chosen);
  };
  return (
    <SettingRow
      title="Environment"
      description="Which of the policy file’s environments calls are judged by. A change applies to the next call."
    >
      <form className={classes.inline} onSubmit={onSubmit}>
        <Autocomplete
          aria-label="Environment"
          size="xs"
          w={220}
          data={[...known]}
          filter={({ options }) => options}
          value={governed ? environment.value : typed}
          disabled={governed}
          maxLength={60}
          onChange={setTyped}
          onOptionSubmit={apply}
        />
        {!governed && isNew && (
          <Button type="submit" loading={set.isPending}>
            Use it
          </Button>
        )}
      </form>
      {governed ? (
        <Governed variable={environment.variable} />
      ) : (
        !known.includes(environment.value) && (
          <span className={classes.note}>The policy file says nothing of “{environment.value}”.</span>
        )
      )}
    </SettingRow>
  );
}
