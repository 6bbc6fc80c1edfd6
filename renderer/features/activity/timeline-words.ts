/** What each step of a call's timeline says. */
import { assertNever } from "../../../shared/assert-never.ts";
import type { CircuitTransition } from "../../../shared/circuit.ts";
import type { InputMethod } from "../../../shared/input.ts";
import type { TaskStatus, TimelineStep } from "../../../shared/invocation.ts";
import { formatBytes, formatDuration } from "../../components/format.ts";
import { outcomeWords, type Tone } from "../../components/outcome-words.ts";

export type StepWords = { title: string; detail: string | null; tone: Tone };

/** A step in words; what a server said is never among them. */
export function stepWords(step: TimelineStep): StepWords {
  switch (step.kind) {
    case "received":
      return { title: "Received", detail: `${formatBytes(step.argsBytes)} of arguments`, tone: "neutral" };
    case "decided":
      return decided(step);
    case "refused":
      return { title: "Refused", detail: "Nothing was sent.", tone: "warn" };
    case "waiting":
      return {
        title: "Waiting for a person",
        detail: `They have ${formatDuration(step.expiresAt - step.at)} to decide.`,
        tone: "neutral",
      };
    case "verdict":
      return verdict(step);
    case "attempt":
      return attempt(step);
    case "circuit":
      return transitionWords(step.transition);
    case "progress":
      return { title: `Progress ${progressWords(step)}`, detail: null, tone: "neutral" };
    case "task":
      return { title: taskTitles[step.status], detail: null, tone: step.status === "failed" ? "bad" : "neutral" };
    case "log":
      return { title: "The server logged", detail: null, tone: logTone(step.level) };
    case "input":
      return inputWords(step);
    case "result": {
      const { label, meaning, tone } = outcomeWords[step.outcome];
      return { title: label, detail: meaning, tone };
    }
    default:
      return assertNever(step);
  }
}

const taskTitles: Record<TaskStatus, string> = {
  working: "The server works on it as a task",
  input_required: "The task needs an answer",
  completed: "The task is done",
  failed: "The task failed",
  cancelled: "The task was cancelled",
};

const requests: Record<InputMethod, string> = {
  "elicitation/create": "asked a question",
  "sampling/createMessage": "asked its caller's model",
  "roots/list": "asked for the roots",
};

function inputWords({ method, outcome, by, waitedMs }: Extract<TimelineStep, { kind: "input" }>): StepWords {
  const title = `The server ${requests[method]}`;
  const after = `after ${formatDuration(waitedMs)}`;
  switch (outcome) {
    case "answered":
      return { title, detail: `${by} answered ${after}.`, tone: "neutral" };
    case "declined":
      return { title, detail: `${by} declined ${after}.`, tone: "neutral" };
    case "dismissed":
      return { title, detail: `${by} put it away ${after}, without an answer.`, tone: "neutral" };
    case "refused":
      return { title: `${title}, and was refused`, detail: null, tone: "warn" };
    case "withdrawn":
      return { title, detail: `It was taken back ${after}.`, tone: "neutral" };
    case "expired":
      return { title, detail: `Nobody answered: it ended ${after}.`, tone: "warn" };
    default:
      return assertNever(outcome);
  }
}

/** The protocol's levels are those of syslog. */
function logTone(level: string): Tone {
  if (["error", "critical", "alert", "emergency"].includes(level)) return "bad";
  return level === "warning" ? "warn" : "neutral";
}

/** `3 of 10`, or `3` where the whole is not known. */
export function progressWords({ progress, total }: { progress: number; total: number | null }): string {
  return total === null ? String(progress) : `${progress} of ${total}`;
}

function decided({ level, trace }: Extract<TimelineStep, { kind: "decided" }>): StepWords {
  const auto = trace.some((step) => step.step === "auto_approve" && step.outcome === "spoke");
  const asked = trace.some((step) => step.step === "caller");
  switch (level) {
    case "ALWAYS":
      return { title: "Decided: it may run", detail: null, tone: "neutral" };
    case "REQUIRE_APPROVAL":
      return auto && !asked
        ? { title: "Decided: approved by the policy itself", detail: null, tone: "neutral" }
        : { title: "Decided: a person must approve", detail: null, tone: "neutral" };
    case "NEVER":
      return { title: "Decided: it may not run", detail: null, tone: "warn" };
    default:
      return assertNever(level);
  }
}

function verdict({ state, by, waitedMs, edited, reason }: Extract<TimelineStep, { kind: "verdict" }>): StepWords {
  const waited = `After ${formatDuration(waitedMs)}.`;
  switch (state) {
    case "approved":
      if (by === "policy:auto") return { title: "Approved by the policy itself", detail: null, tone: "good" };
      if (by.startsWith("grant:")) return { title: "Approved by a grant", detail: reason, tone: "good" };
      return { title: `Approved by ${by}${edited ? ", with other arguments" : ""}`, detail: waited, tone: "good" };
    case "denied":
      return { title: `Denied by ${by}`, detail: waited, tone: "warn" };
    case "expired":
      return { title: "Nobody decided in time", detail: waited, tone: "warn" };
    case "cancelled":
      return { title: "Taken back while it waited", detail: waited, tone: "warn" };
    case "interrupted":
      return { title: "Switchgear stopped while it waited", detail: "It was never sent.", tone: "warn" };
    default:
      return assertNever(state);
  }
}

function attempt(step: Extract<TimelineStep, { kind: "attempt" }>): StepWords {
  const pause = step.delayMs > 0 ? `Sent after a pause of ${formatDuration(step.delayMs)}. ` : "";
  const bound =
    step.adaptiveMs === undefined ? "" : ` Bounded to ${formatDuration(step.adaptiveMs)} by its usual pace.`;
  const took = formatDuration(step.durationMs);
  switch (step.result) {
    case "answered": {
      const size = step.responseBytes === null ? "" : `, ${formatBytes(step.responseBytes)}`;
      return {
        title: `Attempt ${step.number}: answered`,
        detail: `${pause}Took ${took}${size}.${bound}`,
        tone: "good",
      };
    }
    case "failed":
      return { title: `Attempt ${step.number}: failed`, detail: `${pause}Took ${took}.${bound}`, tone: "bad" };
    case "cancelled":
      return { title: `Attempt ${step.number}: cancelled`, detail: `${pause}Took ${took}.${bound}`, tone: "warn" };
    default:
      return assertNever(step.result);
  }
}

/** A change of a circuit's state and what caused it. */
export function transitionWords({ server, tool, to, cause }: CircuitTransition): StepWords {
  const circuit = tool === null ? `Circuit of ${server}` : `Circuit of ${tool} on ${server}`;
  const [title, tone] = {
    open: [`${circuit} opened`, "bad"] as const,
    "half-open": [`${circuit} is half-open`, "warn"] as const,
    closed: [`${circuit} closed`, "good"] as const,
  }[to];
  return { title, detail: causeWords(cause), tone };
}

function causeWords(cause: CircuitTransition["cause"]): string {
  switch (cause.kind) {
    case "failures":
      return `${cause.count} ${cause.count === 1 ? "failure" : "failures in a row"}.`;
    case "timeout-elapsed":
      return "Its time was over: the next call is a probe.";
    case "probe-succeeded":
      return `${cause.count} ${cause.count === 1 ? "probe" : "probes"} answered.`;
    case "probe-failed":
      return "The probe failed.";
    case "operator":
      return `By ${cause.who} (${cause.action}): ${cause.why}`;
    default:
      return assertNever(cause);
  }
}
