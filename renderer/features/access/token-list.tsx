import { Button, Popover } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { AccessArea, AccessToken } from "../../../shared/access.ts";
import { useAccessTokens, useRevokeToken } from "../../api/use-access.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import classes from "./access.module.css";

type TokenListProps = {
  area: AccessArea;
  empty: string;
  /** Shown beside each: what its carrier may do. */
  children?: (token: AccessToken) => ReactNode;
};

/** Who carries a token that is in use. */
export function TokenList({ area, empty, children }: TokenListProps) {
  const tokens = useAccessTokens(area);
  if (tokens.isError) return <ErrorState error={tokens.error} onRetry={() => void tokens.refetch()} />;
  const inUse = tokens.data?.filter(({ revokedAt }) => revokedAt === null);
  if (inUse?.length === 0) return <p className={classes.quiet}>{empty}</p>;
  return (
    <ul className={classes.tokens} aria-label="Tokens">
      {inUse?.map((token) => (
        <li key={token.id} className={classes.item}>
          <span className={classes.name}>{token.name}</span>
          <code className={classes.code}>sg_{token.id}_…</code>
          <span className={classes.quiet}>
            made <TimeAgo at={token.createdAt} />
            {" · "}
            {token.lastUsedAt === null ? (
              "never used"
            ) : (
              <>
                last used <TimeAgo at={token.lastUsedAt} />
              </>
            )}
          </span>
          <span className={classes.acts}>
            {children?.(token)}
            <Revoke area={area} token={token} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Revoke({ area, token }: { area: AccessArea; token: AccessToken }) {
  const [isOpen, setOpen] = useState(false);
  const revoke = useRevokeToken(area);
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus returnFocus withinPortal position="bottom-end" width={280}>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          aria-label={`Revoke ${token.name}`}
          onClick={() => setOpen(!isOpen)}
        >
          Revoke
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Revoke ${token.name}?`}>
        <p className={classes.question}>
          <b>{token.name}</b> is refused from now on. This cannot be taken back.
        </p>
        <div className={classes.confirm}>
          <Button variant="default" onClick={() => setOpen(false)}>
            Cancel
          </Button>
          <Button data-autofocus loading={revoke.isPending} onClick={() => revoke.mutate(token.id)}>
            Revoke token
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
