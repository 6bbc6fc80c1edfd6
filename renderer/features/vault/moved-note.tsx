import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { VaultView } from "../../../shared/vault.ts";
import { useAllowSecret } from "../../api/use-vault.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./vault.module.css";

type Moved = VaultView["secrets"][number]["moved"][number];
type MovedNoteProps = { name: string; moved: Moved; canAllow: boolean };

/** A server's file would send the secret elsewhere than a person allowed: it gets none until somebody says so. */
export function MovedNote({ name, moved: { server, from, to }, canAllow }: MovedNoteProps) {
  const allow = useAllowSecret();
  return (
    <div className={classes.moved} role="alert" aria-label={`${name} is held back from ${server}`}>
      <p className={classes.state}>
        <IconAlertTriangle size={14} aria-hidden />
        Held back from {server}: its file changed, and would send it elsewhere.
      </p>
      <dl className={classes.targets}>
        <dt>Allowed</dt>
        <dd>
          <InertText text={from} />
        </dd>
        <dt>Now</dt>
        <dd>
          <InertText text={to.shown} />
        </dd>
      </dl>
      {canAllow && (
        <Button
          variant="default"
          aria-label={`Let ${name} go there for ${server}`}
          loading={allow.isPending}
          onClick={() => allow.mutate({ name, server, hash: to.hash })}
        >
          Let it go there
        </Button>
      )}
    </div>
  );
}
