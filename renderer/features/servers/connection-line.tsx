import type { ServerView } from "../../../shared/server.ts";
import { visibleText } from "../../components/hidden-characters.ts";
import { InertText } from "../../components/inert-text.tsx";
import { useNow } from "../../components/use-now.ts";
import { ConnectionGlyph } from "./connection-glyph.tsx";
import classes from "./connection-line.module.css";
import { connectionStepMs, connectionWords } from "./connection-words.ts";

/** A server's connection in words: its state, and why where it is not ready. */
export function ConnectionLine({ server }: { server: ServerView }) {
  const now = useNow(connectionStepMs(server));
  const { shape, state, detail, hint } = connectionWords(server, now);
  return (
    <div className={classes.connection}>
      <p className={classes.state} data-shape={shape}>
        <ConnectionGlyph shape={shape} />
        <span>{state}</span>
      </p>
      {detail && (
        <p className={classes.detail} title={visibleText(detail, 500)}>
          <InertText text={detail} maxLength={240} />
        </p>
      )}
      {hint && (
        <p className={classes.hint} title={visibleText(hint, 500)}>
          <InertText text={hint} maxLength={240} />
        </p>
      )}
    </div>
  );
}
