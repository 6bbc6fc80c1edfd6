import type { Redactor } from "../secrets/redact.ts";
import type { OfferKind } from "./server-offers.ts";
import type { SessionOpenerDeps } from "./session-opener.ts";
import type { Session } from "./session.ts";

/** What a server's connection asks of the outside. */
export type ConnectionDeps = SessionOpenerDeps & {
  redactor: Redactor;
  random: () => number;
  /** Asked before anything is spawned or dialled; throws where it must not be. */
  assertAllowed: () => void;
  onChange: () => void;
  onToolsChange: () => void;
  onOffersChange: (kind: OfferKind) => void;
  /** Hears of each session once it is open. */
  onSession: (session: Session) => void;
  onResourceUpdated: (uri: string) => void;
};
