/** One record of the audit chain as text: what is hashed, signed and stored. */
import canonicalize from "canonicalize";
import { hash as digest } from "node:crypto";
import type { AuditRecord, AuditSeal } from "../../../shared/audit.ts";
import type { SqlRow } from "./sql-database.ts";
import { truncate } from "./truncate.ts";

/** What the first record names as the one before it. */
export const chainStart = "0".repeat(64);

/** A record with its detail as canonical JSON. */
export type StoredRecord = Omit<AuditRecord, "detail"> & { detail: string };

/** The record of a row, whichever database it is in. */
export function toStored(row: SqlRow): StoredRecord {
  return {
    seq: Number(row.seq),
    at: Number(row.at),
    kind: String(row.kind),
    by: String(row.by),
    subject: String(row.subject),
    detail: String(row.detail),
    previous: String(row.previous),
    hash: String(row.hash),
  };
}

/** UTF-16 units that a detail may take. */
export const maxDetailLength = 16_384;

/** SHA-256, hex, of the previous hash and the canonical JSON of the rest. */
export function recordHash(record: Omit<StoredRecord, "hash">): string {
  const { at, by, detail, kind, previous, seq, subject } = record;
  // The detail is canonical already, and these are the keys in canonical order.
  const rest = `{"at":${at},"by":${quoted(by)},"detail":${detail},"kind":${quoted(kind)},"seq":${seq},"subject":${quoted(subject)}}`;
  return sha256(previous + rest);
}

/** What a seal's signature is over. */
export function sealedText({ at, hash, seq }: Pick<AuditSeal, "at" | "hash" | "seq">): string {
  return `{"at":${at},"hash":${quoted(hash)},"seq":${seq}}`;
}

/** The canonical JSON of what a detail says on the wire; one that is too long is cut, and its hash kept. */
export function detailText(detail: Readonly<Record<string, unknown>>): string {
  const text = canonicalText(detail);
  if (text.length <= maxDetailLength) return text;
  return canonicalText({ cut: truncate(JSON.parse(text), maxDetailLength / 2), sha256: sha256(text) });
}

/** A record that somebody has broken is shown all the same; checking the chain tells of it. */
export function readDetail(text: string): AuditRecord["detail"] {
  try {
    return JSON.parse(text) as AuditRecord["detail"];
  } catch {
    return { unreadable: text };
  }
}

/** A name as it can be stored and written as canonical JSON: no half characters, no NUL. */
export function plainText(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd").replaceAll("\0", "\u2400");
}

export function canonicalText(value: unknown): string {
  // JSON writes a half character, and nothing else, as \ud8.. to \udf..; canonical JSON has no way to say it.
  const json = JSON.stringify(value).replace(/(?<=(?<!\\)(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, "\ufffd");
  return canonicalize(JSON.parse(json)) as string;
}

export function sha256(text: string): string {
  return digest("sha256", text);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
