import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import type { ImportResult } from "../../../shared/import.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./import.module.css";

type ImportOutcomeProps = { results: readonly ImportResult[]; onAgain: () => void; onClose: () => void };

/** What became of each server that was chosen. */
export function ImportOutcome({ results, onAgain, onClose }: ImportOutcomeProps) {
  const isOff = results.some((result) => result.ok && !result.enabled);
  return (
    <>
      <ul className={classes.results} aria-label="Imported">
        {results.map((result) => (
          <li key={result.id}>
            {result.ok ? (
              <IconCheck size={16} stroke={2} aria-label="Imported" />
            ) : (
              <IconAlertTriangle size={16} stroke={1.75} aria-label="Left out" />
            )}
            <span className={classes.id}>{result.id}</span>
            {result.ok ? (
              <span className={classes.why}>
                {result.enabled ? "switched on" : "switched off"} · <InertText text={result.file} mono />
                {result.missing.map((name) => (
                  <span key={name} className={classes.missing}>
                    Needs <code>{name}</code>: add it in Settings, Vault.
                  </span>
                ))}
              </span>
            ) : (
              <span className={classes.why}>
                <InertText text={result.message} multiline />{" "}
                {result.hint && <InertText text={result.hint} multiline />}
              </span>
            )}
          </li>
        ))}
      </ul>
      {isOff && (
        <p className={classes.lead}>
          What is switched off runs nothing. To switch it on, set <code>enabled: true</code> in its file.
        </p>
      )}
      <div className={classes.buttons}>
        <Button size="sm" variant="default" onClick={onAgain}>
          Import more
        </Button>
        <Button size="sm" onClick={onClose} data-autofocus>
          Done
        </Button>
      </div>
    </>
  );
}
