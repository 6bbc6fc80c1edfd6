import { beforeEach, describe, expect, it } from "vitest";
import { MCPClientError } from "../errors.ts";
import { FakeClock } from "../fake-clock.ts";
import { AuditLog } from "./audit-chain.ts";
import { checkChain } from "./audit-check.ts";
import { AuditSealer, sealEveryMs, type KeyKeeper } from "./audit-seal.ts";
import { openDatabase } from "./database.ts";

let clock: FakeClock;
let audit: AuditLog;
let warnings: string[];
let kept: string | null;

const keeper: KeyKeeper = { read: async () => kept, make: async (create) => (kept ??= create()) };
const open = (changed: Partial<KeyKeeper> = {}) =>
  new AuditSealer({
    ...{ audit, clock },
    logger: { warn: (message) => void warnings.push(message) },
    keeper: { ...keeper, ...changed },
  });
const check = () => checkChain([audit.stored(0, 100)], audit.seals());

beforeEach(() => {
  clock = new FakeClock();
  audit = new AuditLog({ database: openDatabase(":memory:", clock).database, clock, redact: (value) => value });
  warnings = [];
  kept = null;
});

describe("the head of the chain", () => {
  it("is signed each hour, where it has grown", async () => {
    const sealer = open();
    audit.append("switch", { by: "console" });
    await clock.advance(sealEveryMs);
    expect(await check()).toMatchObject({ records: 1, sealed: 1, fault: null });
    await clock.advance(sealEveryMs);
    expect(audit.seals()).toHaveLength(1);
    audit.append("switch", { by: "console" });
    await clock.advance(sealEveryMs);
    expect(await check()).toMatchObject({ records: 2, sealed: 2, fault: null, remarks: [] });
    await sealer.close();
  });

  it("is signed on close, once, and no timer stays", async () => {
    const sealer = open();
    audit.append("switch", { by: "console" });
    await sealer.close();
    await sealer.close();
    expect(await check()).toMatchObject({ sealed: 1 });
    expect(clock.pending).toBe(0);
  });

  it("is signed by one key, whichever process made it", async () => {
    const first = open();
    audit.append("switch", { by: "console" });
    await first.seal();
    const second = open();
    audit.append("switch", { by: "terminal" });
    await second.seal();
    expect((await check()).keys).toHaveLength(1);
  });

  it("is not signed without a vault, and nothing else stops", async () => {
    const locked = async () => Promise.reject(new MCPClientError("vault_locked", "There is no vault."));
    const sealer = open({ read: locked });
    audit.append("switch", { by: "console" });
    expect(await sealer.seal()).toBe(false);
    expect((await check()).remarks).toEqual([expect.stringContaining("No key has signed")]);
    expect(warnings).toEqual([]);
  });

  it("is signed later where the vault cannot be used now, and that is said once", async () => {
    let locked = true;
    const sealer = open({
      read: async () => {
        if (locked) throw new Error("the keychain is locked");
        return kept;
      },
    });
    audit.append("switch", { by: "console" });
    expect([await sealer.seal(), await sealer.seal()]).toEqual([false, false]);
    expect(warnings).toHaveLength(1);
    locked = false;
    await clock.advance(sealEveryMs);
    expect((await check()).sealed).toBe(1);
  });
});
