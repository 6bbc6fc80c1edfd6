import type { AccessArea } from "../../shared/access.ts";
import type { ProcedureInput } from "../../shared/contract.ts";
import type { AuditFilter } from "../../shared/audit.ts";
import type { InvocationFilter } from "../../shared/invocation.ts";

/** Every cache entry's name; a shorter key is the prefix of all that lies under it. */
export const queryKeys = {
  status: ["status"],
  settings: ["settings"],
  desktop: ["desktop"],
  vault: ["vault"],
  clientConfigs: ["client-configs"],
  policy: ["policy"],
  auditList: (filter: AuditFilter) => ["audit", filter],
  auditHeads: ["audit-head"],
  auditHead: (filter: AuditFilter) => ["audit-head", filter],
  policyCheck: (text: string | null) => ["policy-check", text],
  policyAnswers: ["policy-answer"],
  policyAnswer: (question: ProcedureInput<"policy.explain"> | null) => ["policy-answer", question],
  policyReplay: (asked: ProcedureInput<"policy.replay"> | null) => ["policy-replay", asked],
  metrics: ["metrics"],
  circuits: ["circuits"],
  servers: ["servers"],
  serverLogs: ["server-log"],
  serverLog: (server: string) => ["server-log", server],
  tools: ["tools"],
  toolPreviews: ["tool-preview"],
  toolPreview: (input: ProcedureInput<"tools.preview"> | null) => ["tool-preview", input],
  pins: ["pins"],
  pinList: ["pins", "list"],
  pin: (server: string, tool: string) => ["pins", "one", server, tool],
  pendingTickets: ["tickets", "pending"],
  resolvedTickets: ["tickets", "resolved"],
  access: (area: AccessArea) => ["access", area],
  endpoints: ["endpoints"],
  bridge: ["bridge"],
  grants: ["grants"],
  alerts: ["alerts"],
  invocationLists: ["invocations"],
  invocationList: (filter: InvocationFilter) => ["invocations", filter],
  invocation: (id: string) => ["invocation", id],
} as const;
