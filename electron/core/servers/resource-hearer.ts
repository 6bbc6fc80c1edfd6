import type { Session } from "./session.ts";

/** Who waits for resources to change. */
export type ResourceHearer = {
  /** Hears of each session once it is open. */
  resume(server: string, session: Session): void;
  /** Hears that a server says that a resource is another now. */
  updated(server: string, uri: string): void;
};
