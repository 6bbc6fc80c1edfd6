import type { ReactNode } from "react";
import type { PermissionView } from "../../../shared/tool.ts";
import { LevelBadge } from "../../components/badges.tsx";
import { InertText } from "../../components/inert-text.tsx";
import { PolicyLineLink } from "../policy/policy-line-link.tsx";
import classes from "./offer-facts.module.css";

type OfferFactsProps = {
  title: string | null;
  /** What a client calls it by. */
  name: string;
  serverTitle: string;
  /** Why what is shown may not be so any more; `null` where its server is up. */
  stale: string | null;
  description: string | null;
  /** Facts, each a `Fact`. */
  children: ReactNode;
};

/** What something that a server offers says of itself, and what is known of it here. */
export function OfferFacts({ title, name, serverTitle, stale, description, children }: OfferFactsProps) {
  return (
    <header className={classes.facts}>
      <div className={classes.names}>
        <h1 className={classes.title}>
          <InertText text={title ?? name} maxLength={120} />
        </h1>
        <p className={classes.identity}>
          {title !== null && (
            <code>
              <InertText text={name} maxLength={120} />
            </code>
          )}
          <span>
            on <InertText text={serverTitle} maxLength={120} />
          </span>
          {stale !== null && <span className={classes.stale}>stale: {stale}</span>}
        </p>
      </div>
      {description && (
        <div className={classes.description}>
          <InertText text={description} multiline maxLength={600} expandable />
        </div>
      )}
      <dl className={classes.list}>{children}</dl>
    </header>
  );
}

export const serverIsDown = "the server is down, this is what it last said";

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** What stands beside a fact, to explain it. */
export function Aside({ children }: { children: ReactNode }) {
  return <span className={classes.why}>{children}</span>;
}

type PermissionFactProps = {
  permission: PermissionView;
  /** What to do where other arguments could change it. */
  conditional: string;
};

/** What the policy says of it, and on which line. */
export function PermissionFact({ permission: { level, rule, line, conditional }, ...words }: PermissionFactProps) {
  return (
    <Fact label="Permission">
      <LevelBadge level={level} />
      <Aside>
        {level === null ? (
          "the policy file is invalid, so every call is refused"
        ) : (
          <>
            by <InertText text={rule} maxLength={120} mono />
          </>
        )}
      </Aside>
      {line !== null && <PolicyLineLink line={line} />}
      {conditional && <Aside>· {words.conditional}</Aside>}
    </Fact>
  );
}
