import type { AppStatus, CircuitSharing } from "../../shared/status.ts";
import type { ApprovalTime } from "./approval-time.ts";
import type { Inbox } from "./approvals/approval-book.ts";
import type { Catalog } from "./catalog/catalog.ts";
import { toClientError, type MCPClientError } from "./errors.ts";
import type { QuestionInbox } from "./inputs/question-inbox.ts";
import type { Journal } from "./journal/journal.ts";
import type { Notices } from "./notices.ts";
import type { ToolPins } from "./pins/tool-pins.ts";
import type { PolicyStore } from "./policy/policy-store.ts";
import type { Ports } from "./ports.ts";
import type { Circuits } from "./resilience/circuits.ts";
import type { SettingsStore } from "./settings-store.ts";

type StatusParts = {
  ports: Pick<Ports, "version" | "runtime">;
  settings: SettingsStore;
  policy: PolicyStore;
  catalog: Catalog;
  journal: Journal;
  journalFile: string;
  approvals: Inbox;
  questions: QuestionInbox;
  approvalTime: ApprovalTime;
  circuits: Circuits;
  circuitSharing: CircuitSharing | null;
  pins: ToolPins;
  notices: Notices;
};

/** What the top bar always says. */
export function readStatus(parts: StatusParts): AppStatus {
  const { ports, settings, policy, catalog, journalFile, circuits, pins, notices } = parts;
  const { pendingApprovals, refusal } = pending(parts);
  return {
    version: ports.version,
    runtime: ports.runtime,
    mcp: { enabled: settings.mcpEnabled, governedBy: settings.view().mcpEnabled.governedBy },
    environment: settings.environment,
    policy: policy.current(),
    catalog: catalog.status(),
    journal: refusal
      ? { state: "unavailable", file: journalFile, reason: refusal.message, hint: refusal.hint ?? "" }
      : { state: "ready", file: journalFile },
    pendingApprovals,
    openQuestions: parts.questions.count,
    approvalTime: parts.approvalTime.view(),
    circuitsNotClosed: circuits.list().filter(({ state }) => state.kind !== "closed").length,
    circuitSharing: parts.circuitSharing,
    toolsInQuarantine: [...pins.quarantined().values()].flat().length,
    notices: notices.list(),
  };
}

/** How many calls wait for a person, and why the journal cannot be used, where it cannot: the status is told all the same. */
function pending({ approvals, journal }: StatusParts): { pendingApprovals: number; refusal: MCPClientError | null } {
  try {
    return { pendingApprovals: approvals.pendingCount(), refusal: journal.unavailable };
  } catch (error) {
    return { pendingApprovals: 0, refusal: journal.unavailable ?? toClientError(error) };
  }
}
