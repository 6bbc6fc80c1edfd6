/** The audit chain as a file that proves itself: one JSON object a line – a header, the signed heads, then the records. */
import { z } from "zod";
import { auditRecordSchema, auditSealSchema, type AuditSeal, type AuditVerdict } from "../../../shared/audit.ts";
import { MCPClientError } from "../errors.ts";
import { checkChain, type CheckOptions } from "./audit-check.ts";
import { canonicalText, readDetail, type StoredRecord } from "./audit-record.ts";
import type { AuditChain } from "./journal.ts";

const headerSchema = z.strictObject({
  format: z.literal("switchgear-audit"),
  version: z.literal(1),
  exportedAt: z.number(),
  /** How many records follow. */
  records: z.number().int(),
});
const lineSchema = z.union([
  z.strictObject({ seal: auditSealSchema }),
  z.strictObject({ record: auditRecordSchema.strict() }),
]);

/** Records that are read at a time: few enough to hold nobody up. */
const pageSize = 250;

type Readable = Pick<AuditChain, "latest" | "stored" | "seals">;

/** The chain as it stands now, page by page, `pause` between them. */
export async function* chainPages(audit: Readable, pause: () => Promise<void>): AsyncGenerator<StoredRecord[]> {
  const last = (await audit.latest())?.seq ?? 0;
  for (let seq = 0; seq < last; await pause()) {
    const page = await audit.stored(seq, Math.min(pageSize, last - seq));
    // A record that is gone leaves fewer than there should be.
    if (page.length === 0) return;
    yield page;
    seq = page.at(-1)!.seq;
  }
}

/** The lines of the file. */
export async function* exportChain(
  audit: Readable,
  exportedAt: number,
  pause: () => Promise<void>,
): AsyncGenerator<string> {
  const records = (await audit.latest())?.seq ?? 0;
  yield JSON.stringify({ format: "switchgear-audit", version: 1, exportedAt, records });
  for (const seal of await audit.seals()) yield JSON.stringify({ seal });
  for await (const page of chainPages(audit, pause)) {
    for (const record of page) yield JSON.stringify({ record: { ...record, detail: readDetail(record.detail) } });
  }
}

/** Checks a file that `exportChain` made, whoever brings it. @throws MCPClientError `bad_request` where it is no such file */
export async function checkExport(lines: AsyncIterable<string>, options: CheckOptions = {}): Promise<AuditVerdict> {
  const reader = lines[Symbol.asyncIterator]();
  const header = headerSchema.safeParse(parsed((await reader.next()).value as string | undefined));
  if (!header.success) {
    throw new MCPClientError("bad_request", "The file does not begin as an audit export does.", {
      hint: "Give a file that `switchgear audit export` wrote.",
    });
  }
  const seals: AuditSeal[] = [];
  let number = 1;
  /** The next line, as a seal or a record; `null` at the end. */
  const next = async () => {
    const { done, value } = await reader.next();
    if (done) return null;
    number += 1;
    const line = lineSchema.safeParse(parsed(value));
    if (!line.success) throw new UnreadableLine(number);
    return line.data;
  };
  try {
    let line = await next();
    for (; line && "seal" in line; line = await next()) seals.push(line.seal);
    const pages = async function* (): AsyncGenerator<StoredRecord[]> {
      let page: StoredRecord[] = [];
      for (; line; line = await next()) {
        if ("seal" in line) throw new UnreadableLine(number);
        page.push({ ...line.record, detail: canonicalText(line.record.detail) });
        if (page.length < pageSize) continue;
        yield page;
        page = [];
      }
      yield page;
    };
    return asLongAs(header.data.records, await checkChain(pages(), seals, options));
  } catch (error) {
    if (!(error instanceof UnreadableLine)) throw error;
    const message = `Line ${error.number} of the file is neither a record nor a signed head in its place.`;
    return { records: 0, sealed: 0, keys: [], fault: { kind: "unreadable", seq: null, message }, remarks: [] };
  }
}

/** A file that was cut off behind its last signed head. */
function asLongAs(records: number, verdict: AuditVerdict): AuditVerdict {
  if (verdict.fault || verdict.records >= records) return verdict;
  const seq = verdict.records + 1;
  const message = `Record ${seq} and those behind it are missing: the file says that it holds ${records}.`;
  return { ...verdict, fault: { kind: "truncated", seq, message } };
}

class UnreadableLine extends Error {
  readonly number: number;

  constructor(number: number) {
    super(`line ${number}`);
    this.number = number;
  }
}

function parsed(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? "");
  } catch {
    return undefined;
  }
}
