import { Button } from "@mantine/core";
import { IconKeyOff } from "@tabler/icons-react";
import { useState } from "react";
import type { VaultView } from "../../../shared/vault.ts";
import { InertText } from "../../components/inert-text.tsx";
import settings from "../settings/settings.module.css";
import { SecretForm } from "./secret-form.tsx";
import classes from "./vault.module.css";

type MissingRowProps = { missing: VaultView["missing"][number]; canAdd: boolean };

/** A secret that servers' files refer to in vain. */
export function MissingRow({ missing: { name, usedBy }, canAdd }: MissingRowProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={settings.row} role="group" aria-label={`Missing secret ${name}`}>
      <div className={settings.words}>
        <h3 className={classes.name}>
          <IconKeyOff size={14} aria-hidden />
          <InertText text={`secrets://${name}`} />
        </h3>
        <p className={classes.reason}>Not in the vault, and {usedBy.join(", ")} waits for it.</p>
      </div>
      {canAdd && !isOpen && (
        <Button variant="default" aria-label={`Add ${name}`} onClick={() => setOpen(true)}>
          Add it
        </Button>
      )}
      {isOpen && <SecretForm label={`Add ${name}`} name={name} servers={usedBy} onDone={() => setOpen(false)} />}
    </div>
  );
}
