import { createContext, use, useSyncExternalStore } from "react";
import type { Bridge } from "../../shared/contract.ts";
import type { SessionEnd } from "../../shared/web-console.ts";
import { ApiError } from "./api-error.ts";

/** How the way to the core stands. */
export type LinkState =
  | { state: "opening" }
  /** @param endsAt wall-clock milliseconds at which the session ends unless somebody says that they are here; not given while that is far off */
  | { state: "open"; endsAt?: number }
  /** Tried again by itself. @param nextAt wall-clock milliseconds; `null` while it is being tried */
  | { state: "lost"; nextAt: number | null }
  /** Nobody is logged in, so nothing is tried. */
  | { state: "over"; why: SessionEnd | "refused" };

/** The way to the core, whatever carries it: in the application its own bridge, in a browser a WebSocket. */
export type Link = {
  bridge: Bridge;
  state: () => LinkState;
  /** @returns a function that ends it */
  watch: (listener: () => void) => () => void;
  /** Tries at once what would be tried later. */
  retry: () => void;
  /** Says that a person is here, so that the session goes on. */
  stay: () => void;
  /** Ends the session; `null` where none has to be begun. */
  logOut: (() => Promise<void>) | null;
};

/** The way to the core was cut. */
export class LinkLostError extends ApiError {
  constructor(wasSent: boolean) {
    super(
      wasSent
        ? {
            code: "outcome_unknown",
            message: "The connection to the core was lost before it answered, so this may have been done.",
            hint: "Look at Activity and Audit before you do it again.",
          }
        : {
            code: "connection_failed",
            message: "There is no connection to the core now, so nothing was done.",
            hint: "Try again once it is back.",
          },
    );
  }
}

export const LinkContext = createContext<Link | null>(null);

export function useLink(): { link: Link; state: LinkState } {
  const link = use(LinkContext);
  if (!link) throw new Error("useLink needs a LinkContext above it.");
  return { link, state: useSyncExternalStore(link.watch, link.state) };
}
