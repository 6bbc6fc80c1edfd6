import { Button, MultiSelect, PasswordInput, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { secretNameSchema } from "../../../shared/vault.ts";
import { useServers } from "../../api/use-servers.ts";
import { useKeepSecret } from "../../api/use-vault.ts";
import settings from "../settings/settings.module.css";
import classes from "./vault.module.css";

type SecretFormProps = {
  label: string;
  /** Default: it is asked for. */
  name?: string;
  servers?: readonly string[];
  /** Whether there is a value already, which stays where none is typed. */
  isKept?: boolean;
  onDone: () => void;
};

/** Puts a secret into the vault, or changes it. What is typed goes in and is never shown again. */
export function SecretForm({ label, name, servers: bound = [], isKept = false, onDone }: SecretFormProps) {
  const keep = useKeepSecret();
  const servers = useServers();
  const [typedName, setTypedName] = useState("");
  const [value, setValue] = useState("");
  const [chosen, setChosen] = useState<string[]>([...bound]);
  const wanted = name ?? typedName.trim();
  const checked = secretNameSchema.safeParse(wanted);
  const ids = [...new Set([...(servers.data ?? []).map(({ id }) => id), ...bound])];
  const isReady = checked.success && (isKept || value !== "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    keep.mutate({ name: wanted, value, servers: chosen }, { onSuccess: onDone });
    setValue("");
  };
  return (
    <form className={classes.form} onSubmit={submit} aria-label={label}>
      <div className={settings.fields}>
        {name === undefined && (
          <TextInput
            label="Name"
            placeholder="github-token"
            value={typedName}
            error={wanted !== "" && !checked.success && checked.error.issues[0]?.message}
            onChange={(event) => setTypedName(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          label="Value"
          placeholder={isKept ? "unchanged" : ""}
          autoComplete="off"
          value={value}
          visibilityToggleButtonProps={{ "aria-label": "Show what is typed" }}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <MultiSelect
          label="Servers that may use it"
          placeholder={chosen.length === 0 ? "none" : ""}
          data={ids}
          value={chosen}
          onChange={setChosen}
        />
      </div>
      <div className={settings.inline}>
        <Button type="submit" disabled={!isReady} loading={keep.isPending}>
          {isKept ? "Change it" : "Keep it in the vault"}
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
