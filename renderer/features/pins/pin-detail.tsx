import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import type { PinDetail, PinView } from "../../../shared/pin.ts";
import { usePin } from "../../api/use-pins.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { InertText } from "../../components/inert-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { toolPath } from "../offers/offer-paths.ts";
import { DefinitionDiff } from "./definition-diff.tsx";
import classes from "./pin-detail.module.css";
import { PinWarnings } from "./pin-warnings.tsx";
import { presenceWords, standingWords } from "./pin-words.ts";
import { StandingBadge } from "./standing-badge.tsx";

type PinDetailProps = {
  pin: PinView;
  /** Leaves the history out, where many stand below each other. */
  brief?: boolean;
  /** The verdict. */
  children?: ReactNode;
};

/** One tool: what was accepted beside what its server says now, and who decided before. */
export function PinCard({ pin, brief = false, children }: PinDetailProps) {
  const detail = usePin(pin.server, pin.tool);
  return (
    <article className={classes.card} aria-label={`${pin.server}.${pin.tool}`}>
      <div className={classes.body}>
        <header className={classes.header}>
          <h2 className={classes.name}>
            <InertText text={`${pin.server}.${pin.tool}`} mono maxLength={200} />
          </h2>
          <StandingBadge standing={pin.standing} />
        </header>
        <p className={classes.meaning}>
          {standingWords[pin.standing].meaning} <Since pin={pin} />
        </p>
        <PinWarnings warnings={pin.warnings} />
        {detail.isError && <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />}
        {detail.data && <DefinitionDiff accepted={before(detail.data)} offered={detail.data.offered} />}
        {detail.data && !brief && <History detail={detail.data} />}
      </div>
      {children}
    </article>
  );
}

/** There is nothing to compare where it is what was accepted. */
function before({ accepted, pin, history }: PinDetail) {
  const acceptedNow = history.find(({ standing }) => standing === "accepted")?.fingerprint === pin.fingerprint;
  return acceptedNow ? null : accepted;
}

function Since({ pin }: { pin: PinView }) {
  const presence = presenceWords[pin.presence];
  return (
    <span className={classes.since}>
      Since <TimeAgo at={pin.since} />
      {presence && <>; {presence}</>}
      {pin.presence === "listed" && (
        <>
          {" · "}
          <Link to={toolPath({ server: pin.server, name: pin.tool })}>Open the tool</Link>
        </>
      )}
    </span>
  );
}

function History({ detail: { history } }: { detail: PinDetail }) {
  return (
    <section aria-label="History">
      <h3 className={classes.heading}>History</h3>
      <ol className={classes.history}>
        {history.map(({ at, standing, fingerprint, by, why }) => (
          <li key={`${at} ${standing} ${fingerprint}`}>
            <StandingBadge standing={standing} />
            <span>
              by <InertText text={by} maxLength={60} />, <TimeAgo at={at} />
              {why !== null && (
                <>
                  : <InertText text={why} maxLength={500} />
                </>
              )}
            </span>
            <code title={`SHA-256 of the definition: ${fingerprint}`}>{fingerprint.slice(0, 12)}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}
