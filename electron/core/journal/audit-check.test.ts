import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { AuditSeal } from "../../../shared/audit.ts";
import { checkChain, fingerprint } from "./audit-check.ts";
import { chainStart, recordHash, sealedText, type StoredRecord } from "./audit-record.ts";

/** A chain of `count` records whose detail is their number. */
function chain(count: number): StoredRecord[] {
  const records: StoredRecord[] = [];
  for (let seq = 1; seq <= count; seq += 1) records.push(next(records.at(-1), { detail: `{"n":${seq}}` }));
  return records;
}

function next(before: StoredRecord | undefined, more: Partial<StoredRecord> = {}): StoredRecord {
  const record = {
    ...{ seq: (before?.seq ?? 0) + 1, at: 1, kind: "setting", by: "console", subject: "", detail: "{}" },
    previous: before?.hash ?? chainStart,
    ...more,
  };
  return { ...record, hash: recordHash(record) };
}

const rehashed = (record: StoredRecord): StoredRecord => ({ ...record, hash: recordHash(record) });

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const spki = (key: KeyObject) => key.export({ format: "der", type: "spki" }).toString("base64");

function seal({ seq, hash }: { seq: number; hash: string }, at = seq): AuditSeal {
  const signature = sign(null, Buffer.from(sealedText({ seq, hash, at })), privateKey).toString("base64");
  return { seq, hash, at, key: spki(publicKey), signature };
}

const check = (records: readonly StoredRecord[], seals: readonly AuditSeal[] = [], trusted?: string[]) =>
  checkChain([records.slice(0, 3), records.slice(3)], seals, { trusted });

describe("a chain that is whole", () => {
  it("has no fault, and says how much of it is signed by which keys", async () => {
    const records = chain(6);
    expect(await check(records, [seal(records[5]!), seal(records[2]!)])).toEqual({
      ...{ records: 6, sealed: 6, fault: null, remarks: [] },
      keys: [fingerprint(spki(publicKey))],
    });
  });

  it("says what is not signed yet", async () => {
    const records = chain(6);
    expect((await checkChain([records], [])).remarks).toEqual([expect.stringContaining("No key has signed")]);
    const { sealed, remarks } = await check(records, [seal(records[3]!)]);
    expect(sealed).toBe(4);
    expect(remarks).toEqual(["The last 2 of 6 records are not signed yet."]);
    expect((await check([])).remarks).toEqual(["Nothing has been recorded yet."]);
  });
});

/** What somebody does to the records: the first that is wrong, and how. */
const attacks: readonly [what: string, kind: string, seq: number, attack: (records: StoredRecord[]) => StoredRecord[]][] = [
  ["a record edited", "edited", 3, (r) => r.with(2, { ...r[2]!, by: "nobody" })],
  ["a record's time edited", "edited", 1, (r) => r.with(0, { ...r[0]!, at: 2 })],
  ["a record edited with its hash made anew", "edited", 3, (r) => r.with(2, rehashed({ ...r[2]!, by: "nobody" }))],
  ["a record in which nothing fits", "edited", 4, (r) => r.with(3, { ...r[3]!, by: "x", previous: chainStart })],
  ["a record removed", "removed", 3, (r) => r.toSpliced(2, 1)],
  ["several records removed", "removed", 3, (r) => r.toSpliced(2, 2)],
  ["the first record removed", "removed", 1, (r) => r.slice(1)],
  ["the first removed and a later one made the first", "removed", 1, (r) => [rehashed({ ...r[1]!, seq: 1 }), ...r.slice(2)]],
  ["a record removed and the rest numbered anew", "removed", 3, (r) => r.toSpliced(2, 1).map((each, i) => ({ ...each, seq: i + 1 }))],
  ["a record inserted twice", "inserted", 2, (r) => r.toSpliced(2, 0, r[1]!)],
  ["a record inserted and the rest numbered anew", "inserted", 3, (r) => [
    ...r.slice(0, 2),
    next(r[1], { by: "mallory" }),
    ...r.slice(2).map((each) => ({ ...each, seq: each.seq + 1 })),
  ]],
  ["two records that changed places", "reordered", 4, (r) => r.with(3, r[4]!).with(4, r[3]!)],
  ["two records that changed places and numbers", "reordered", 4, (r) =>
    r.with(3, { ...r[4]!, seq: 4 }).with(4, { ...r[3]!, seq: 5 })],
]; // prettier-ignore

describe("a chain that was tampered with", () => {
  it.each(attacks)("%s is found: %s, record %i", async (_, kind, seq, attack) => {
    const { fault, records } = await check(attack(chain(8)));
    expect(fault).toMatchObject({ kind, seq });
    expect(fault!.message).toContain(`Record ${seq} `);
    expect(records).toBeLessThan(8);
  });

  it("a tail cut off is found against the last signed head", async () => {
    const records = chain(6);
    const seals = [seal(records[2]!), seal(records[5]!)];
    expect(await check(records.slice(0, 5), seals)).toMatchObject({ sealed: 3, fault: { kind: "truncated", seq: 6 } });
    const { fault } = await check(records.slice(0, 4), seals);
    expect(fault).toMatchObject({ kind: "truncated", seq: 5, message: expect.stringContaining("5 to 6 are missing") });
  });

  it("a tail written anew, hashes and all, is found against the last signed head", async () => {
    const records = chain(6);
    const rewritten = [...records.slice(0, 3)];
    for (let n = 4; n <= 6; n += 1) rewritten.push(next(rewritten.at(-1), { by: "mallory" }));
    const { fault } = await check(rewritten, [seal(records[1]!), seal(records[5]!)]);
    expect(fault).toMatchObject({ kind: "edited", seq: 3, message: expect.stringContaining("up to record 6") });
  });

  it("a signature that the key did not make is found", async () => {
    const records = chain(4);
    for (const forged of [
      { ...seal(records[3]!), signature: seal(records[2]!).signature },
      { ...seal(records[3]!), key: "none" },
    ]) {
      expect((await check(records, [seal(records[1]!), forged])).fault).toMatchObject({ kind: "signature", seq: 4 });
    }
  });

  it("a signature by a key that is not trusted is found where keys are named", async () => {
    const records = chain(4);
    const seals = [seal(records[3]!)];
    expect((await check(records, seals, [fingerprint(spki(publicKey))])).fault).toBeNull();
    expect((await check(records, seals, ["another"])).fault).toMatchObject({ kind: "signature", seq: 4 });
  });

  it("names the earlier of two faults, and goes on to no seal behind a broken record", async () => {
    const records = chain(6);
    const broken = records.with(2, { ...records[2]!, by: "nobody" });
    const forged = (seq: number) => ({ ...seal(records[seq - 1]!), signature: "" });
    expect((await check(broken, [forged(2)])).fault).toMatchObject({ kind: "signature", seq: 2 });
    expect((await check(broken, [forged(5)])).fault).toMatchObject({ kind: "edited", seq: 3 });
    expect((await check(broken, [seal(records[5]!)])).fault).toMatchObject({ kind: "edited", seq: 3 });
  });
});

describe("a head that was kept elsewhere", () => {
  const against = (records: readonly StoredRecord[], kept: readonly StoredRecord[], seals: readonly AuditSeal[] = []) =>
    checkChain([records], seals, { heads: kept });

  it("is held by the chain that it was of, however much was recorded since", async () => {
    const records = chain(6);
    expect((await against(records, [records[5]!, records[2]!])).fault).toBeNull();
  });

  it("a tail cut off or rewritten, seals and all, is found against a head that was kept elsewhere", async () => {
    const records = chain(6);
    const cut = records.slice(0, 3);
    expect((await against(cut, [records[3]!], [seal(cut[2]!)])).fault).toEqual({
      ...{ kind: "truncated", seq: 4 },
      message: "Record 4 is missing: record 4 was kept elsewhere.",
    });
    const rewritten = [...cut, next(cut[2], { by: "mallory" })];
    rewritten.push(next(rewritten[3]));
    const { fault } = await against(rewritten, [records[5]!, records[4]!, records[1]!], [seal(rewritten[4]!)]);
    expect(fault).toMatchObject({ kind: "edited", seq: 5 });
    expect(fault!.message).toContain("is not the one that was kept elsewhere");
  });

  it("says nothing of what stands behind a record that is wrong", async () => {
    const records = chain(6);
    const { fault } = await against(records.toSpliced(2, 1), [records[5]!]);
    expect(fault).toMatchObject({ kind: "removed", seq: 3 });
  });
});
