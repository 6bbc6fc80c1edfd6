import type { Caller } from "../http/access-tokens.ts";

/** Who comes, and to which address. */
export type Visitor = {
  caller: Caller;
  /** The one server that it asks for; `null` asks for all. */
  only: string | null;
};
