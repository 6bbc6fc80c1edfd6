import { Checkbox, SegmentedControl, TextInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import type { ImportableServer, ImportPreview, InlineCredential } from "../../../shared/import.ts";
import { InertText } from "../../components/inert-text.tsx";
import { canMove, isLeftOut, nameFault, type Destination, type Draft } from "./import-choices.ts";
import classes from "./import.module.css";

type ImportServerProps = {
  server: ImportableServer;
  vault: ImportPreview["vault"];
  draft: Draft;
  onChange: (draft: Draft) => void;
};

/** One server: exactly what would be started or dialled, where its credentials go, and whether it is switched on. */
export function ImportServer({ server, vault, draft, onChange }: ImportServerProps) {
  const { id, name, transport, target, settings, credentials, asked, notes } = server;
  const choose = (key: string, chosen: Draft["credentials"][string]) =>
    onChange({ ...draft, credentials: { ...draft.credentials, [key]: chosen } });
  return (
    <li className={classes.server} data-out={isLeftOut(draft) || undefined} aria-label={id}>
      <div className={classes.head}>
        <Checkbox
          size="sm"
          checked={draft.isIncluded}
          onChange={(event) => onChange({ ...draft, isIncluded: event.currentTarget.checked })}
          label={<span className={classes.id}>{id}</span>}
          aria-label={`Import ${id}`}
        />
        {name !== id && <InertText text={name} maxLength={60} className={classes.name ?? ""} />}
        <span className={classes.transport}>{transport}</span>
        <Checkbox
          size="sm"
          checked={draft.isEnabled}
          disabled={isLeftOut(draft)}
          onChange={(event) => onChange({ ...draft, isEnabled: event.currentTarget.checked })}
          label={transport === "stdio" ? "Start it at once" : "Connect at once"}
        />
      </div>
      <div className={classes.target} aria-label={transport === "stdio" ? "Command" : "Address"}>
        <InertText text={target} mono maxLength={1000} expandable />
        {settings.map((line) => (
          <InertText key={line} text={line} mono maxLength={300} className={classes.setting ?? ""} />
        ))}
      </div>
      {credentials.map((credential) => (
        <CredentialRow
          key={credential.key}
          credential={credential}
          vault={vault}
          chosen={draft.credentials[credential.key]!}
          onChoose={(chosen) => choose(credential.key, chosen)}
        />
      ))}
      {asked.map((secret) => (
        <p key={secret} className={classes.note}>
          Its client asks for a value: put <code>{secret}</code> into the vault afterwards.
        </p>
      ))}
      {notes.map((note) => (
        <p key={note} className={classes.note}>
          <InertText text={note} maxLength={300} />
        </p>
      ))}
    </li>
  );
}

type CredentialRowProps = {
  credential: InlineCredential;
  vault: ImportPreview["vault"];
  chosen: Draft["credentials"][string];
  onChoose: (chosen: Draft["credentials"][string]) => void;
};

function CredentialRow({ credential, vault, chosen, onChoose }: CredentialRowProps) {
  const { key, secret } = credential;
  const { to, name } = chosen;
  return (
    <div className={classes.credential} role="group" aria-label={`Credential in ${key}`}>
      <IconKey size={16} stroke={1.75} aria-hidden />
      <span className={classes.key}>
        <InertText text={key} mono maxLength={80} />
      </span>
      <SegmentedControl
        aria-label="Where it goes"
        size="xs"
        value={to}
        onChange={(value: Destination) => onChoose({ to: value, name })}
        data={[
          { value: "vault", label: "To the vault", disabled: !canMove(credential, vault) },
          { value: "file", label: "Stays in the file" },
          { value: "out", label: "Leave out" },
        ]}
      />
      {to === "vault" && (
        <TextInput
          className={classes.secret ?? ""}
          aria-label="Its name in the vault"
          leftSection="secrets://"
          leftSectionWidth={78}
          value={name}
          error={nameFault(name)}
          onChange={(event) => onChoose({ to, name: event.currentTarget.value })}
        />
      )}
      {to === "file" && <p className={classes.note}>Whoever can read the server’s file can read it.</p>}
      {to === "out" && (
        <p className={classes.note}>
          The server is left out.
          {secret === null && " No reference to the vault can stand at that place of a URL."}
        </p>
      )}
    </div>
  );
}
