/** Records each change of the policy file in the audit chain, those made while nobody watched among them. */
import { structuredPatch } from "diff";
import { createHash } from "node:crypto";
import type { AuditEntry, AuditRecord } from "../../shared/audit.ts";
import type { PolicyStatus } from "../../shared/policy.ts";
import { MCPClientError } from "./errors.ts";
import type { AuditChain } from "./journal/journal.ts";

/** Lines of difference that a record holds. */
const maxLines = 200;
/** A difference that takes more edits is not worked out. */
const maxEditLength = 2_000;

export class PolicyRecord {
  #audit: AuditChain;
  #text: string | null = null;

  constructor(audit: AuditChain) {
    this.#audit = audit;
  }

  /** Where it cannot be recorded now, it is as soon as it can; until then the journal refuses every call. */
  changed(status: PolicyStatus, text: string | null): void {
    const before = this.#text;
    this.#text = text;
    const hash = text === null ? null : createHash("sha256").update(text).digest("hex");
    const { state, file } = status;
    const problems = status.state === "invalid" ? status.problems.slice(0, 3).map(({ message }) => message) : [];
    const entry = {
      by: "switchgear",
      subject: file,
      detail: { state, hash, problems, changes: before === null || text === null ? null : difference(before, text) },
    };
    const isIt = (known: AuditRecord | null) =>
      known?.subject === file && known.detail.hash === hash && known.detail.state === state;
    try {
      const latest = this.#audit.latest("policy.changed");
      if (latest instanceof Promise) this.#noteUnless(latest.then(isIt), entry);
      else if (!isIt(latest)) {
        this.#audit.together(() => {
          // Another process may watch the same file, and have been first.
          const now = this.#audit.latest("policy.changed");
          if (now instanceof Promise || !isIt(now)) this.#audit.append("policy.changed", entry);
        });
      }
    } catch (error) {
      if (!(error instanceof MCPClientError)) throw error;
      this.#audit.note("policy.changed", entry);
    }
  }

  /** Where others have to be asked what was recorded last. */
  #noteUnless(isKnown: Promise<boolean>, entry: AuditEntry): void {
    const note = () => this.#audit.note("policy.changed", entry);
    isKnown.then((known) => known || note(), note);
  }
}

/** The lines that differ, each with its sign and the line where they stand now; `null` where nearly all do. */
function difference(before: string, after: string): string[] | null {
  const patch = structuredPatch("", "", before, after, "", "", { context: 0, maxEditLength });
  if (!patch) return null;
  const lines = patch.hunks.flatMap(({ newStart, lines: hunk }) => [`line ${newStart}:`, ...hunk]);
  return lines.length <= maxLines ? lines : [...lines.slice(0, maxLines), `and ${lines.length - maxLines} more`];
}
