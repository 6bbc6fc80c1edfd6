import type { InvocationOutcome } from "../../shared/invocation.ts";

/** Green, amber and red, of which only circuits and outcomes are; everything else is neutral. */
export type Tone = "good" | "warn" | "bad" | "neutral";

/** Each way a call can end, in a person's words. */
export const outcomeWords: Record<InvocationOutcome, { label: string; tone: Tone; meaning: string }> = {
  ok: { label: "OK", tone: "good", meaning: "The tool answered." },
  tool_error: { label: "Tool error", tone: "warn", meaning: "The tool answered that it failed." },
  refused: {
    label: "Refused",
    tone: "neutral",
    meaning: "It was not sent: the policy or a setting does not allow it.",
  },
  denied: { label: "Denied", tone: "neutral", meaning: "A person said no; it was not sent." },
  expired: { label: "Expired", tone: "neutral", meaning: "Nobody answered in time; it was not sent." },
  cancelled: {
    label: "Cancelled",
    tone: "neutral",
    meaning: "It was stopped on its way: by its caller, or because Switchgear was switched off or closed.",
  },
  circuit_open: { label: "Circuit open", tone: "bad", meaning: "It failed fast: the server's circuit is open." },
  timeout: { label: "Timed out", tone: "bad", meaning: "No answer came in time." },
  transport_error: { label: "Connection failed", tone: "bad", meaning: "The session could not be opened, or broke." },
  protocol_error: { label: "Protocol error", tone: "warn", meaning: "The server answered with a JSON-RPC error." },
  outcome_unknown: { label: "Outcome unknown", tone: "warn", meaning: "It was sent, and no answer came." },
  interrupted: { label: "Interrupted", tone: "neutral", meaning: "Switchgear stopped while it was on its way." },
};
