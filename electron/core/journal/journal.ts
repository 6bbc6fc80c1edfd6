/** What the path and the screens ask of the journal, wherever it is kept. */

import type { AuditEntry, AuditFilter, AuditKind, AuditPage, AuditRecord, AuditSeal } from "../../../shared/audit.ts";
import type { CallChart, ChartRequest } from "../../../shared/call-chart.ts";
import type { InvocationDetail, InvocationFilter, InvocationPage, TimelineStep } from "../../../shared/invocation.ts";
import type { MCPClientError } from "../errors.ts";
import type { Awaitable } from "../ports.ts";
import type { StoredRecord } from "./audit-record.ts";
import type { InvocationRecorder, InvocationStart } from "./invocation-recorder.ts";
import type { CallsLike, LoggedArguments } from "./invocation-table.ts";

/** The log of calls. */
export type Journal = {
  writable(): boolean;
  assertWritable(): void;
  readonly unavailable: MCPClientError | null;
  begin(start: InvocationStart): InvocationRecorder;
  list(filter: InvocationFilter, cursor: string | null, limit: number): Promise<InvocationPage>;
  withArguments(from: number, to: number): AsyncGenerator<LoggedArguments[]>;
  chart(request: ChartRequest): Promise<CallChart>;
  get(id: string): Promise<InvocationDetail>;
  timeline(id: string): Awaitable<TimelineStep[]>;
  oldest(): Awaitable<number | null>;
  count(like: CallsLike, since: number, most: number): Awaitable<number>;
  flush(): Promise<void>;
  close(): Promise<void>;
};

/** The audit chain. */
export type AuditChain = {
  append(kind: AuditKind, entry: AuditEntry): void;
  together<T>(work: () => T): T;
  note(kind: AuditKind, entry: AuditEntry): void;
  flush(): Awaitable<void>;
  latest(kind?: AuditKind): Awaitable<AuditRecord | null>;
  list(filter: AuditFilter, before: number | null, limit: number): Awaitable<AuditPage>;
  stored(seq: number, limit: number): Awaitable<StoredRecord[]>;
  seals(): Awaitable<AuditSeal[]>;
  unsealedHead(): Awaitable<{ seq: number; hash: string } | null>;
  addSeal(seal: AuditSeal): Awaitable<void>;
};
