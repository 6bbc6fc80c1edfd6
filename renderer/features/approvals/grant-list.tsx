import { Button, Popover, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Grant, GrantState } from "../../../shared/grant.ts";
import { useRevokeGrant } from "../../api/use-approvals.ts";
import { Countdown } from "../../components/countdown.tsx";
import { ErrorState } from "../../components/error-state.tsx";
import { InertText } from "../../components/inert-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import classes from "./grant-list.module.css";

const stateWords: Record<Exclude<GrantState, "active">, string> = {
  expired: "Expired",
  ended: "Ended with its session",
  revoked: "Revoked",
};

/** What was approved for calls to come: for whom, how far, and who said so. */
export function GrantList({ grants }: { grants: readonly Grant[] }) {
  return (
    <table className={classes.table} aria-labelledby="grants-title">
      <thead>
        <tr>
          <th scope="col">Tool</th>
          <th scope="col">Caller</th>
          <th scope="col">Reach</th>
          <th scope="col">Given</th>
          <th scope="col">Used</th>
          <th scope="col">
            <span className={classes.hidden}>Revoke</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {grants.map((grant) => (
          <tr key={grant.id} data-state={grant.state}>
            <td>
              <InertText text={`${grant.server}.${grant.tool}`} mono maxLength={120} />
            </td>
            <td>
              <InertText text={grant.client} maxLength={60} />
              <span className={classes.quiet}>
                in <InertText text={grant.environment} maxLength={40} />
              </span>
            </td>
            <td>
              <Reach grant={grant} />
            </td>
            <td>
              <InertText text={grant.by} maxLength={60} />
              <span className={classes.quiet}>
                <TimeAgo at={grant.at} />
              </span>
            </td>
            <td className={classes.number}>{grant.kind === "always" ? "by the rule" : grant.uses}</td>
            <td className={classes.action}>{grant.state === "active" && <Revoke grant={grant} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Reach({ grant }: { grant: Grant }) {
  if (grant.revoked) {
    return (
      <>
        Revoked by <InertText text={grant.revoked.by} maxLength={60} />
        <span className={classes.quiet}>
          <InertText text={grant.revoked.reason} maxLength={200} />
        </span>
      </>
    );
  }
  if (grant.state !== "active") return stateWords[grant.state];
  if (grant.kind === "always") {
    return (
      <>
        Always, with exactly
        <span className={classes.quiet}>
          <InertText text={JSON.stringify(grant.args)} mono maxLength={120} />
        </span>
      </>
    );
  }
  return (
    <>
      Any arguments,{" "}
      {grant.expiresAt === null ? (
        "until Switchgear stops"
      ) : (
        <>
          <Countdown until={grant.expiresAt} /> left
        </>
      )}
    </>
  );
}

function Revoke({ grant }: { grant: Grant }) {
  const [isOpen, setOpen] = useState(false);
  const [why, setWhy] = useState("No longer needed");
  const revoke = useRevokeGrant();
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (why.trim() !== "") revoke.mutate({ id: grant.id, why: why.trim() }, { onSuccess: () => setOpen(false) });
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus returnFocus withRoles={false} position="left" width={320}>
      <Popover.Target>
        <Button size="compact-sm" variant="default" aria-haspopup="dialog" onClick={() => setOpen(!isOpen)}>
          Revoke
        </Button>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label="Revoke the grant">
        <form className={classes.form} onSubmit={submit}>
          <p className={classes.quiet}>Calls that it approved and that were not sent yet are refused.</p>
          <TextInput
            label="Why"
            data-autofocus
            value={why}
            maxLength={500}
            onChange={(event) => setWhy(event.currentTarget.value)}
            onFocus={(event) => event.currentTarget.select()}
          />
          {revoke.isError && <ErrorState error={revoke.error} />}
          <Button type="submit" loading={revoke.isPending} disabled={why.trim() === ""}>
            Revoke the grant
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
