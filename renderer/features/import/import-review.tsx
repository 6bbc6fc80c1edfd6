import { Button } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useState } from "react";
import type { ImportChoice, ImportPreview } from "../../../shared/import.ts";
import { InertText } from "../../components/inert-text.tsx";
import { choicesOf, importWords, initialDrafts, type Draft } from "./import-choices.ts";
import { ImportServer } from "./import-server.tsx";
import classes from "./import.module.css";

type ImportReviewProps = {
  preview: ImportPreview;
  isPending: boolean;
  onBack: () => void;
  onImport: (choices: ImportChoice[]) => void;
};

/** What a file holds: what each server would run, where its credentials go, and what cannot come over. */
export function ImportReview({ preview, isPending, onBack, onImport }: ImportReviewProps) {
  const { file, vault, servers, refused } = preview;
  const [drafts, setDrafts] = useState(() => initialDrafts(preview));
  const choices = choicesOf(drafts);
  const hasCredentials = servers.some(({ credentials }) => credentials.length > 0);
  const change = (id: string, draft: Draft) => setDrafts((current) => ({ ...current, [id]: draft }));
  return (
    <>
      <p className={classes.lead}>
        <InertText text={file} mono />
      </p>
      {hasCredentials && vault.state !== "ready" && (
        <div className={classes.locked} role="status">
          <IconLock size={16} aria-hidden />
          <p>
            <strong>The vault cannot take a credential now.</strong> {vault.reason} {vault.hint}
          </p>
        </div>
      )}
      {servers.length === 0 && refused.length === 0 && <p className={classes.lead}>The file lists no server.</p>}
      <ul className={classes.servers} aria-label="Servers of the file">
        {servers.map((server) => (
          <ImportServer
            key={server.id}
            server={server}
            vault={vault}
            draft={drafts[server.id]!}
            onChange={(draft) => change(server.id, draft)}
          />
        ))}
      </ul>
      {refused.length > 0 && (
        <section aria-label="Cannot be imported">
          <h3 className={classes.subtitle}>Cannot be imported</h3>
          <ul className={classes.refused}>
            {refused.map(({ name, line, column, message }, index) => (
              <li key={index}>
                <InertText text={name} mono maxLength={80} />
                <span className={classes.why}>
                  <InertText text={message} maxLength={400} />, line {line}:{column}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className={classes.footer}>
        <Button size="sm" variant="default" onClick={onBack}>
          Back
        </Button>
        <Button
          size="sm"
          disabled={!choices || choices.length === 0}
          loading={isPending}
          onClick={() => choices && onImport(choices)}
        >
          {importWords(choices ?? [])}
        </Button>
      </div>
    </>
  );
}
