import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { SignInState, SignOut } from "../../../shared/oauth.ts";
import { useSignOut } from "../../api/use-sign-in.ts";
import { formatMoment } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./sign-in-facts.module.css";

type SignInFactsProps = { server: string; signIn: Extract<SignInState, { kind: "signed-in" }> };

/** Where a server is signed in, to do what, until when; and the way out. */
export function SignInFacts({ server, signIn }: SignInFactsProps) {
  const signOut = useSignOut();
  const { issuer, scopes, expiresAt, renewable, grant } = signIn;
  const until = expiresAt === null ? "until the server ends it" : `until ${formatMoment(expiresAt)}`;
  const leave = () => signOut.mutate(server, { onSuccess: tellWhatIsKept });
  return (
    <div className={classes.facts}>
      <p>
        <InertText text={issuer} mono maxLength={200} />
      </p>
      {scopes.length > 0 && (
        <p>
          <InertText text={scopes.join(" ")} mono maxLength={400} />
        </p>
      )}
      <p className={classes.until}>{renewable ? `${until}, then renewed by itself` : until}</p>
      {grant === "authorization_code" && (
        <Button variant="default" size="compact-sm" loading={signOut.isPending} onClick={leave}>
          Sign out
        </Button>
      )}
    </div>
  );
}

function tellWhatIsKept({ reason }: SignOut): void {
  if (reason === null) return;
  notifications.show({
    title: "Signed out",
    message: <InertText text={reason} maxLength={400} />,
    color: "gray",
    closeButtonProps: { "aria-label": "Dismiss" },
  });
}
