import { Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import type { ServerView } from "../../../shared/server.ts";
import { useBeginSignIn, useCancelSignIn, useOpenSignIn } from "../../api/use-sign-in.ts";
import { visibleText } from "../../components/hidden-characters.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./sign-in-button.module.css";
import { SignInDialog } from "./sign-in-dialog.tsx";
import { signInOffer } from "./sign-in-words.ts";

type SignInButtonProps = {
  server: ServerView;
  /** The button alone. */
  isShort?: boolean;
};

/** What a person can do for a server that waits for a sign-in, or for a wider one; nothing where it waits for neither. */
export function SignInButton({ server, isShort = false }: SignInButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const begin = useBeginSignIn();
  const open = useOpenSignIn();
  const cancel = useCancelSignIn();
  const offer = signInOffer(server);
  if (!offer && !isOpen) return null;

  const start = () => {
    setOpen(true);
    open.reset();
    begin.mutate(server.id);
  };
  const close = () => {
    setOpen(false);
    if (!open.isSuccess) cancel.mutate(server.id);
  };
  return (
    <div className={classes.offer}>
      {offer?.reason && !isShort && (
        <p className={classes.reason} title={visibleText(offer.reason, 500)}>
          <InertText text={offer.reason} maxLength={160} />
        </p>
      )}
      {offer && (
        <Button size="compact-sm" leftSection={<IconKey size={14} stroke={1.75} aria-hidden />} onClick={start}>
          {offer.label}
        </Button>
      )}
      <SignInDialog
        title={server.title}
        isOpen={isOpen}
        request={begin.isSuccess ? begin.data : null}
        error={begin.error ?? open.error}
        isWaiting={open.isPending}
        onOpen={() => open.mutate(server.id, { onSuccess: () => setOpen(false) })}
        onRetry={start}
        onClose={close}
      />
    </div>
  );
}
