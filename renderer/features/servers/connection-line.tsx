import type { ServerView } from "../../../shared/server.ts";
import { visibleText } from "../../components/hidden-characters.ts";
import { InertText } from "../../components/inert-text.tsx";
import { useNow } from "../../components/use-now.ts";
import { ConnectionGlyph } from "./connection-glyph.tsx";
import classes from "./connection-line.module.css";
import { connectionStepMs, connectionWords } from "./connection-words.ts";

type ConnectionLineProps = {
  server: ServerView;
  /** In one line; why is told when it is pointed at. */
  isShort?: boolean;
};

/** A server's connection in words: its state, and why where it is not ready. */
export function ConnectionLine({ server, isShort = false }: ConnectionLineProps) {
  const now = useNow(connectionStepMs(server));
  const { shape, state, detail, hint } = connectionWords(server, now);
  return (
    <div className={classes.connection} title={isShort && detail ? visibleText(detail, 500) : undefined}>
      <p className={classes.state} data-shape={shape}>
        <ConnectionGlyph shape={shape} />
        <span>{state}</span>
      </p>
      {detail && !isShort && (
        <p className={classes.detail} title={visibleText(detail, 500)}>
          <InertText text={detail} maxLength={240} />
        </p>
      )}
      {hint && !isShort && (
        <p className={classes.hint} title={visibleText(hint, 500)}>
          <InertText text={hint} maxLength={240} />
        </p>
      )}
    </div>
  );
}
