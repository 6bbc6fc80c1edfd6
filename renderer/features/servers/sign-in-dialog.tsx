import { Button, Loader, Modal } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { SignInRequest } from "../../../shared/oauth.ts";
import { useSurroundings } from "../../api/use-desktop.ts";
import { Countdown } from "../../components/countdown.tsx";
import { visibleText } from "../../components/hidden-characters.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./sign-in-dialog.module.css";
import { forwarding, splitAddress } from "./sign-in-words.ts";

type SignInDialogProps = {
  /** The server's. */
  title: string;
  isOpen: boolean;
  /** `null` until it is known where to go. */
  request: SignInRequest | null;
  error: unknown;
  /** The browser is open. */
  isWaiting: boolean;
  onOpen: () => void;
  onRetry: () => void;
  onClose: () => void;
};

/** Shows the exact address before the browser opens it, and what is asked for there; then waits for the browser. */
export function SignInDialog(props: SignInDialogProps) {
  const { title, isOpen, request, error, onRetry, onClose } = props;
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={`Sign in to ${visibleText(title, 80)}`}
      size={600}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {error ? (
        <ErrorState error={error} onRetry={onRetry} />
      ) : request ? (
        <Review {...props} request={request} />
      ) : (
        <p className={classes.asking} role="status">
          <Loader size="xs" aria-hidden /> Asking the server where to sign in
        </p>
      )}
    </Modal>
  );
}

function Review({ request, isWaiting, onOpen, onClose }: SignInDialogProps & { request: SignInRequest }) {
  const { before, host, after } = splitAddress(request.url);
  const isElsewhere = useSurroundings().data?.kind === "browser";
  return (
    <>
      <p className={classes.lead}>
        Your browser will open this address. Go on only if you know <strong>{host}</strong>: what you type there, it
        gets.
      </p>
      <p className={classes.address} aria-label="Address">
        {before}
        <mark className={classes.host}>{host}</mark>
        {after}
      </p>
      <dl className={classes.facts}>
        <div>
          <dt>Asks for</dt>
          <dd>
            {request.scopes.length === 0 ? (
              "what it grants by itself"
            ) : (
              <ul className={classes.scopes} aria-label="Scopes">
                {request.scopes.map((scope) => (
                  <li key={scope}>
                    <InertText text={scope} mono maxLength={120} />
                  </li>
                ))}
              </ul>
            )}
          </dd>
        </div>
        <div>
          <dt>Used for</dt>
          <dd>
            <InertText text={request.resource} mono maxLength={300} />
          </dd>
        </div>
        <div>
          <dt>Comes back to</dt>
          <dd>
            <InertText text={request.redirectUri} mono />
            {isElsewhere && (
              <p className={classes.note}>
                That is a port of the machine where Switchgear runs. Where your browser is on another, forward it first:{" "}
                <code>{forwarding(request.redirectUri)}</code>
              </p>
            )}
          </dd>
        </div>
      </dl>
      <div className={classes.buttons}>
        {isWaiting && (
          <p className={classes.waiting} role="status">
            <Loader size="xs" aria-hidden />
            <span>
              Waiting for the browser, <Countdown until={request.expiresAt} />
            </span>
          </p>
        )}
        <Button size="sm" variant="default" onClick={onClose}>
          Cancel
        </Button>
        {!isWaiting && (
          <Button
            size="sm"
            rightSection={<IconExternalLink size={16} stroke={1.75} aria-hidden />}
            onClick={onOpen}
            data-autofocus
          >
            Open browser
          </Button>
        )}
      </div>
    </>
  );
}
