import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { describeError } from "./describe-error.ts";
import classes from "./error-state.module.css";
import { InertText } from "./inert-text.tsx";

/** What went wrong, in words, and what to do about it. @param onRetry offers to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { message, hint, code } = describeError(error);
  return (
    <div className={classes.error} role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      <div className={classes.words}>
        <p className={classes.message}>
          <InertText text={message} multiline />
        </p>
        {hint && (
          <p className={classes.hint}>
            <InertText text={hint} multiline />
          </p>
        )}
        {code && <code className={classes.code}>{code}</code>}
      </div>
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
