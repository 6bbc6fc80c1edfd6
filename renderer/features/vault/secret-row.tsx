import { Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import type { VaultView } from "../../../shared/vault.ts";
import { useRemoveSecret } from "../../api/use-vault.ts";
import { TimeAgo } from "../../components/time-ago.tsx";
import settings from "../settings/settings.module.css";
import { MovedNote } from "./moved-note.tsx";
import { SecretForm } from "./secret-form.tsx";
import classes from "./vault.module.css";

type Secret = VaultView["secrets"][number];

/** One secret: who may use it, who does, and what can be done with it. */
export function SecretRow({ secret, canChange }: { secret: Secret; canChange: boolean }) {
  const [mode, setMode] = useState<"shown" | "changing" | "deleting">("shown");
  const close = () => setMode("shown");
  const { name, servers, usedBy, updatedAt } = secret;
  return (
    <div className={settings.row} role="group" aria-label={`Secret ${name}`}>
      <div className={settings.words}>
        <h3 className={classes.name}>
          <IconKey size={14} aria-hidden />
          secrets://{name}
        </h3>
        <p className={settings.description}>
          {servers.length === 0 ? "No server may use it" : `For ${servers.join(", ")}`}
          {" · "}
          {usedBy.length === 0 ? "no file refers to it" : `used by ${usedBy.join(", ")}`}
          {" · changed "}
          <TimeAgo at={updatedAt} />
        </p>
      </div>
      {mode === "shown" && (
        <div className={settings.inline}>
          {canChange && (
            <Button variant="default" aria-label={`Change ${name}`} onClick={() => setMode("changing")}>
              Change
            </Button>
          )}
          <Button variant="default" aria-label={`Delete ${name}`} onClick={() => setMode("deleting")}>
            Delete
          </Button>
        </div>
      )}
      {secret.moved.map((moved) => (
        <MovedNote key={moved.server} name={name} moved={moved} canAllow={canChange} />
      ))}
      {mode === "changing" && (
        <SecretForm label={`Change ${name}`} name={name} servers={servers} isKept onDone={close} />
      )}
      {mode === "deleting" && <ConfirmDelete secret={secret} onDone={close} />}
    </div>
  );
}

function ConfirmDelete({ secret: { name, usedBy }, onDone }: { secret: Secret; onDone: () => void }) {
  const remove = useRemoveSecret();
  const losers =
    usedBy.length === 0 ? "No server’s file refers to it." : `${usedBy.join(", ")} will lose it and disconnect.`;
  return (
    <div className={classes.confirm} role="alertdialog" aria-label={`Delete ${name}?`}>
      <p className={classes.reason}>Delete it for good? {losers}</p>
      <div className={settings.inline}>
        <Button variant="default" onClick={onDone}>
          Keep it
        </Button>
        <Button loading={remove.isPending} onClick={() => remove.mutate(name, { onSuccess: onDone })}>
          Delete it
        </Button>
      </div>
    </div>
  );
}
