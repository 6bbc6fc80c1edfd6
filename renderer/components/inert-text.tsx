import { useState } from "react";
import { cutText, splitHidden } from "./hidden-characters.ts";
import classes from "./inert-text.module.css";

type InertTextProps = {
  text: string;
  /** Keeps line breaks and tabs; without it they are made visible as well. */
  multiline?: boolean;
  mono?: boolean;
  /** In characters; the rest is counted. Default 2,000. */
  maxLength?: number;
  /** Offers a button that shows ten times as much. Not for use inside a button or a link. */
  expandable?: boolean;
  className?: string;
};

/** Text that a server or a caller wrote: never markup, never a link, bounded, with what cannot be seen made visible. */
export function InertText({ text, multiline = false, mono, maxLength = 2000, expandable, className }: InertTextProps) {
  const [factor, setFactor] = useState(1);
  const shown = cutText(text, maxLength * factor);
  const rest = text.length - shown.length;
  const names = [classes.text, multiline && classes.multiline, mono && classes.mono, className];
  return (
    <span className={names.filter(Boolean).join(" ")} dir="auto">
      {splitHidden(shown, multiline).map((part, index) =>
        part.kind === "plain" ? (
          part.text
        ) : (
          <span key={index} className={classes.hidden} title={part.name}>
            {part.code}
            {part.count > 1 && `×${part.count}`}
          </span>
        ),
      )}
      {rest > 0 && <span className={classes.rest}>… {rest.toLocaleString("en")} more characters</span>}
      {rest > 0 && expandable && (
        <button type="button" className={classes.more} onClick={() => setFactor(factor * 10)}>
          Show more
        </button>
      )}
    </span>
  );
}
