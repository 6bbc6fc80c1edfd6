/** Reads a chain from its first record to its last, and names the first that is wrong. */
import { createHash, createPublicKey, verify } from "node:crypto";
import type { AuditSeal, AuditVerdict } from "../../../shared/audit.ts";
import { chainStart, recordHash, sealedText, type StoredRecord } from "./audit-record.ts";

export type AuditFault = NonNullable<AuditVerdict["fault"]>;
/** A record's place in the chain, and its hash. */
export type Head = { seq: number; hash: string };

/** How far from its place a record is looked for that is not in it. */
const nearby = 16;

export type CheckOptions = {
  /** Fingerprints of the keys whose word counts; any key's, unless given. */
  trusted?: readonly string[] | undefined;
  /** Heads that were kept elsewhere: the chain must still hold them. */
  heads?: readonly Head[] | undefined;
};

/**
 * @param pages the records in the order in which they are kept
 * @param seals in any order
 */
export async function checkChain(
  pages: AsyncIterable<readonly StoredRecord[]> | Iterable<readonly StoredRecord[]>,
  seals: readonly AuditSeal[],
  { trusted, heads = [] }: CheckOptions = {},
): Promise<AuditVerdict> {
  const ordered = seals.toSorted((a, b) => a.seq - b.seq || a.at - b.at);
  const spokenOf = new Set([...ordered, ...heads].map(({ seq }) => seq));
  /** The hashes of the records that a seal or a head speaks of. */
  const hashes = new Map<number, string>();
  let head: Head = { seq: 0, hash: chainStart };
  let broken: AuditFault | null = null;
  scan: for await (const page of pages) {
    for (const [index, record] of page.entries()) {
      broken = linkFault(head, record, page.slice(index + 1, index + 1 + nearby));
      if (broken) break scan;
      head = { seq: record.seq, hash: record.hash };
      if (spokenOf.has(head.seq)) hashes.set(head.seq, head.hash);
    }
  }
  const last = broken ? null : head.seq;
  const seal = checkSeals(ordered, hashes, last, trusted);
  const headFault = checkHeads(heads, hashes, last);
  return {
    records: head.seq,
    sealed: seal.good,
    keys: [...new Set(ordered.map(({ key }) => fingerprint(key)))],
    fault: earlier(earlier(broken, seal.fault), headFault),
    remarks: remarks(head.seq, seal.good, seals.length),
  };
}

/** How a key is named for people: SHA-256, hex, of its bytes. */
export function fingerprint(key: string): string {
  return createHash("sha256").update(Buffer.from(key, "base64")).digest("hex");
}

/** What is wrong with a record that follows `head`, `next` being those behind it; `null` where nothing is. */
function linkFault(head: Head, record: StoredRecord, next: readonly StoredRecord[]): AuditFault | null {
  const place = head.seq + 1;
  const isInPlace = record.seq === place;
  const isLinked = record.previous === head.hash;
  const isItself = recordHash(record) === record.hash;
  if (isInPlace && isLinked && isItself) return null;
  if (record.seq > place) {
    if (next.some(({ seq }) => seq === place)) return fault("reordered", place, "stands behind a later one");
    return fault("removed", place, record.seq - place === 1 ? "is missing" : `to ${record.seq - 1} are missing`);
  }
  if (record.seq < place) return fault("inserted", record.seq, "is there a second time");
  if (isItself) return replaced(head, record);
  if (isLinked) return fault("edited", place, "does not have the content that its hash was made of");
  return moved(head, record, next);
}

/** A record that is whole names another one before it than the one that stands there. */
function replaced(head: Head, record: StoredRecord): AuditFault {
  if (head.seq === 0) return fault("removed", 1, "is not the first that was written: what came before it is missing");
  return fault("edited", head.seq, `was replaced: record ${record.seq} names another one before it`);
}

/** Neither its content nor its predecessor fit: it had another number, or is another record altogether. */
function moved(head: Head, record: StoredRecord, next: readonly StoredRecord[]): AuditFault {
  const place = head.seq + 1;
  const former = numberOf(record);
  if (former === null) return fault("edited", place, "fits neither its own hash nor the record before it");
  if (former < place) return fault("inserted", former, `was put in: what is now record ${place} was record ${former}`);
  const isNearby = next.some(({ hash }) => hash === record.previous);
  if (isNearby) return fault("reordered", place, `is what was written as record ${former}`);
  return fault("removed", place, `is missing: what stands in its place was written as record ${former}`);
}

/** The number that the record had when its hash was made. */
function numberOf(record: StoredRecord): number | null {
  for (let distance = 1; distance <= nearby; distance += 1) {
    for (const seq of [record.seq - distance, record.seq + distance]) {
      if (recordHash({ ...record, seq }) === record.hash) return seq;
    }
  }
  return null;
}

/** @param last the last record's number; `null` where the chain is broken, so that what follows says nothing. */
function checkSeals(
  seals: readonly AuditSeal[],
  hashes: ReadonlyMap<number, string>,
  last: number | null,
  trusted: readonly string[] | undefined,
): { good: number; fault: AuditFault | null } {
  let good = 0;
  for (const seal of seals) {
    const { seq } = seal;
    const name = fingerprint(seal.key);
    if (trusted && !trusted.includes(name)) {
      return {
        good,
        fault: fault("signature", seq, `was signed by key ${name}, which is none of those that you trust`),
      };
    }
    if (!isSignedBy(seal)) {
      return { good, fault: fault("signature", seq, `has a signature that key ${name} did not make`) };
    }
    if (last !== null && seq > last) return { good, fault: cutOff(last, seq, "signed as the last") };
    const hash = hashes.get(seq);
    if (hash !== undefined && hash !== seal.hash) {
      const message = `is the first that may have been rewritten: the chain up to record ${seq} is not the one that was signed`;
      return { good, fault: fault("edited", good + 1, message) };
    }
    if (hash !== undefined) good = seq;
  }
  return { good, fault: null };
}

/** @param last as for `checkSeals` */
function checkHeads(
  heads: readonly Head[],
  hashes: ReadonlyMap<number, string>,
  last: number | null,
): AuditFault | null {
  for (const { seq, hash } of heads.toSorted((a, b) => a.seq - b.seq)) {
    if (last !== null && seq > last) return cutOff(last, seq, "kept elsewhere");
    const found = hashes.get(seq);
    if (found !== undefined && found !== hash) {
      return fault("edited", seq, "is not the one that was kept elsewhere: it, or one before it, was rewritten");
    }
  }
  return null;
}

function cutOff(last: number, seq: number, known: string): AuditFault {
  const gone = last + 1 === seq ? "is" : `to ${seq} are`;
  return fault("truncated", last + 1, `${gone} missing: record ${seq} was ${known}`);
}

function isSignedBy(seal: AuditSeal): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(seal.key, "base64"), format: "der", type: "spki" });
    return verify(null, Buffer.from(sealedText(seal)), key, Buffer.from(seal.signature, "base64"));
  } catch {
    return false;
  }
}

function earlier(a: AuditFault | null, b: AuditFault | null): AuditFault | null {
  if (!a || !b) return a ?? b;
  return b.seq! < a.seq! ? b : a;
}

function remarks(records: number, sealed: number, seals: number): string[] {
  if (records === 0) return ["Nothing has been recorded yet."];
  if (seals === 0)
    return [
      "No key has signed the chain, so it shows changes in the middle, but not whether its end or all of it was replaced.",
    ];
  if (sealed < records) return [`The last ${records - sealed} of ${records} records are not signed yet.`];
  return [];
}

function fault(kind: AuditFault["kind"], seq: number, what: string): AuditFault {
  return { kind, seq, message: `Record ${seq} ${what}.` };
}
