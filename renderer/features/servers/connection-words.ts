import { assertNever } from "../../../shared/assert-never.ts";
import type { ConnectionState, ServerView } from "../../../shared/server.ts";
import { formatCountdown, formatDuration } from "../../components/format.ts";

/** How a connection is drawn: full, half and empty discs, and bars for what waits for a person. */
export type ConnectionShape = "full" | "half" | "empty" | "bars";

export type ConnectionWords = {
  shape: ConnectionShape;
  /** The state, in a few words. */
  state: string;
  /** Why, and what can be done; `null` where all is said. */
  detail: string | null;
  hint: string | null;
};

const parkedWords: Record<Extract<ConnectionState, { kind: "parked" }>["cause"], string> = {
  needs_sign_in: "Parked: needs sign-in",
  vault: "Parked: needs the vault",
  exits: "Parked: its process keeps exiting",
  configuration: "Parked: cannot be used as configured",
};

/** A server's connection as a person would tell it. @param now wall-clock milliseconds. */
export function connectionWords({ connection, enabled, signIn }: ServerView, now: number): ConnectionWords {
  if (!enabled) {
    return { shape: "empty", state: "Turned off", detail: null, hint: null };
  }
  switch (connection.kind) {
    case "idle":
      return { shape: "empty", state: "Idle", detail: "It connects at the next call.", hint: null };
    case "connecting":
      return {
        shape: "half",
        state: `Connecting, ${formatDuration(Math.max(0, Math.floor((now - connection.since) / 1000) * 1000))}`,
        detail: connection.reason === undefined ? null : `Last failure: ${connection.reason}`,
        hint: connection.hint ?? null,
      };
    case "ready":
      return { shape: "full", state: "Ready", detail: null, hint: null };
    case "degraded":
      return { shape: "half", state: "Degraded", detail: connection.reason, hint: null };
    case "reconnecting":
      return {
        shape: "half",
        state:
          connection.nextAttemptAt > now
            ? `Reconnecting, next in ${formatCountdown(connection.nextAttemptAt - now)}`
            : `Reconnecting, attempt ${connection.attempt}`,
        detail: connection.reason,
        hint: connection.hint ?? null,
      };
    case "parked":
      return {
        shape: "bars",
        state: parkedWords[connection.cause],
        detail: connection.reason,
        // The button beside it says what to do.
        hint: signIn?.kind === "signed-out" ? null : (connection.hint ?? null),
      };
    case "closed":
      return { shape: "empty", state: "Disconnected", detail: connection.reason || null, hint: null };
    default:
      return assertNever(connection);
  }
}

/** How often the words change while nothing else does, milliseconds; `null` where they do not. */
export function connectionStepMs({ connection, enabled }: ServerView): number | null {
  return enabled && (connection.kind === "connecting" || connection.kind === "reconnecting") ? 250 : null;
}
