import { IconAlertTriangle } from "@tabler/icons-react";
import type { WireError } from "../../../shared/errors.ts";
import { Countdown } from "../../components/countdown.tsx";
import { InertText } from "../../components/inert-text.tsx";
import { useNow } from "../../components/use-now.ts";
import classes from "./call-error.module.css";

type CallErrorProps = {
  error: WireError;
  /** It was told of a moment that is gone: then when to try again is no matter. */ isPast?: boolean;
};

/** What went wrong with a call, in words; what to do, and when trying again makes sense. */
export function CallError({ error, isPast = false }: CallErrorProps) {
  return (
    <div className={classes.error} role="alert">
      <IconAlertTriangle size={16} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        <p className={classes.message}>
          <InertText text={error.message} multiline expandable />
        </p>
        {error.hint && (
          <p className={classes.hint}>
            <InertText text={error.hint} multiline />
          </p>
        )}
        <p className={classes.foot}>
          <code>{error.code}</code>
          {error.retryAt !== undefined && !isPast && <RetryAt at={error.retryAt} />}
        </p>
      </div>
    </div>
  );
}

function RetryAt({ at }: { at: number }) {
  const now = useNow(1000);
  return at > now ? (
    <span>
      Try again in <Countdown until={at} />
    </span>
  ) : (
    <span>It can be tried again now</span>
  );
}
