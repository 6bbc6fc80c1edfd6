import { MCPClientError } from "../errors.ts";
import type { Progress } from "../servers/session-call.ts";
import type { CallLog } from "../../../shared/invocation.ts";
import type { Waiting } from "../tell-waiting.ts";
import type { Credentials } from "./credentials.ts";

/** How one call is made; what is left out is as its server's settings say. */
export type InvokeOptions = {
  /** Bound on one attempt, milliseconds; progress begins it anew. The whole call has `total_timeout`, or four times this. */
  timeout?: number | undefined;
  /** Takes the call back, wherever it stands: it then fails with `MCPCancelledError`, and the server is told. */
  signal?: AbortSignal | undefined;
  /** Hears of the tool's progress while it runs. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * Hears what the server logs while it runs. The protocol does not say which call a message belongs to, so this hears of those that
   * come while the call is the only one on its session.
   */
  onLog?: ((log: CallLog) => void) | undefined;
  /** The caller's word that sending the call twice does no harm. Default `false`. */
  idempotent?: boolean | undefined;
  /** Attempts in all, the first included. */
  retryAttempts?: number | undefined;
};

/** How one call is made through a `ClientManager`. */
export type CallOptions = InvokeOptions & {
  /** Credentials for the server; each have a session of their own. */
  auth?: Credentials | undefined;
  /** A person must approve it, even where the policy says `ALWAYS`. Needs a core. Default `false`. */
  requireApproval?: boolean | undefined;
  /** Hears that the call waits for a person, at once and then every 10 s. */
  onWaiting?: ((waiting: Waiting) => void) | undefined;
};

/** @throws MCPClientError `bad_request` where a bound is none. */
export function assertBounds({ timeout, retryAttempts }: InvokeOptions): void {
  if (timeout !== undefined && !(Number.isFinite(timeout) && timeout > 0)) {
    throw new MCPClientError("bad_request", `A timeout is a number of milliseconds above 0, not ${timeout}.`);
  }
  if (retryAttempts !== undefined && !(Number.isInteger(retryAttempts) && retryAttempts >= 1)) {
    throw new MCPClientError(
      "bad_request",
      `retryAttempts counts the first attempt too: 1 or more, not ${retryAttempts}.`,
    );
  }
}
