import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AuditEntry } from "../../../shared/audit.ts";
import { createSystemClock } from "../clock.ts";
import type { MCPClientError } from "../errors.ts";
import { FakeKeychain } from "../fake-keychain.ts";
import { silentLogger } from "../logger.ts";
import { isProcessAlive, processIdentity } from "../process-identity.ts";
import { mask, Redactor } from "./redact.ts";
import { seal } from "./seal.ts";
import type { VaultChange } from "./sealed-vault.ts";
import { openEntry } from "./vault-entry.ts";
import { Vault, vaultPath, type VaultOptions } from "./vault.ts";

const passphrase = "a long passphrase for tests";
const withKey = { env: { SWITCHGEAR_VAULT_KEY: passphrase } };
const token = "ghp_0123456789";

let dataFolder: string;
let redactor: Redactor;
const opened: Vault[] = [];

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), "switchgear-vault-"));
  redactor = new Redactor();
});

afterEach(async () => {
  for (const vault of opened.splice(0)) await vault.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

/** As another process would open it. */
function openVault(more: Partial<VaultOptions> = { keychain: new FakeKeychain() }): Vault {
  const ownership = { owner: processIdentity(), isOwnerAlive: isProcessAlive };
  const clock = createSystemClock();
  const vault = new Vault({ dataFolder, clock, redactor, logger: silentLogger, env: {}, ...ownership, ...more });
  opened.push(vault);
  return vault;
}

/** A server whose file says that it is started by this command. */
const user = (id: string, command = "npx") => ({ id, target: { hash: `hash of ${command}`, shown: command } });

const file = () => vaultPath(dataFolder);
const content = () => readFileSync(file(), "utf8");

describe("where a secret goes", () => {
  const moved = 'That secret was allowed to go to npx; the file of "github" would send it to curl.';

  it("is what its server's file says when it is bound, and nowhere else from then on", async () => {
    const vault = openVault({ keychain: new FakeKeychain(), targetOf: (id) => user(id).target });
    await vault.set("github", token, { servers: ["github"] });
    expect(await vault.read("github", user("github"))).toBe(token);
    const error = await refusal(vault.read("github", user("github", "curl")));
    expect(error).toMatchObject({ code: "config_invalid", message: moved });
    expect(error.hint).toContain("switchgear secrets allow github --server github");
  });

  it("is what its first use says, where there was no file when it was bound; its user is not told that it changed", async () => {
    const keychain = new FakeKeychain();
    const records: [string, AuditEntry][] = [];
    const vault = openVault({ keychain, record: (...entry) => records.push(entry) });
    await vault.set("github", token, { servers: ["github"], by: "ana" });
    const changes: VaultChange[] = [];
    vault.onChange((change) => changes.push(change));
    expect(await vault.read("github", user("github"))).toBe(token);
    expect(await vault.read("github", user("github"))).toBe(token);
    expect(changes).toEqual([]);
    expect(records.slice(1)).toEqual([
      ["secret.bound", { by: "switchgear", subject: "github", detail: { server: "github", from: null, to: "npx" } }],
    ]);
    const other = openVault({ keychain });
    expect((await refusal(other.read("github", user("github", "curl")))).message).toBe(moved);
  });

  it("stays what it was when the value is replaced and when another server is bound", async () => {
    let command = "npx";
    const vault = openVault({ keychain: new FakeKeychain(), targetOf: (id) => user(id, command).target });
    await vault.set("github", token, { servers: ["github"] });
    command = "curl";
    await vault.set("github", "the next token");
    await vault.bind("github", ["github", "actions"]);
    expect((await refusal(vault.read("github", user("github", "curl")))).message).toBe(moved);
    expect(await vault.read("github", user("actions", "curl"))).toBe("the next token");
  });

  it("is another once a person says so, of the very target that was shown", async () => {
    let command = "npx";
    const records: AuditEntry[] = [];
    const targetOf = (id: string) => (id === "github" ? user(id, command).target : undefined);
    const keychain = new FakeKeychain();
    const vault = openVault({ keychain, targetOf, record: (_kind, entry) => records.push(entry) });
    await vault.set("github", token, { servers: ["github"] });
    command = "curl";
    const { hash } = targetOf("github")!;
    command = "wget";
    expect(await refusal(vault.allow("github", "github", "ana", hash))).toMatchObject({
      code: "config_invalid",
      hint: "It now says wget. Allow that, or correct the file.",
    });
    command = "curl";
    expect(await vault.allow("github", "github", "ana", hash)).toEqual(targetOf("github"));
    expect(await vault.read("github", user("github", "curl"))).toBe(token);
    expect((await refusal(vault.read("github", user("github")))).code).toBe("config_invalid");
    expect(records.at(-1)).toEqual({
      ...{ by: "ana", subject: "github", detail: { server: "github", from: "npx", to: "curl" } },
    });
    expect((await refusal(vault.allow("github", "nobody", "ana"))).code).toBe("not_found");
    expect((await refusal(vault.allow("none", "github", "ana"))).code).toBe("not_found");
  });

  it("is not changed where that cannot be recorded", async () => {
    let isFull = false;
    const record = () => {
      if (isFull) throw new Error("The disk is full.");
    };
    const vault = openVault({ keychain: new FakeKeychain(), record });
    await vault.set("github", token, { servers: ["github"] });
    isFull = true;
    await expect(vault.read("github", user("github"))).rejects.toThrow("full");
    isFull = false;
    expect(await vault.read("github", user("github", "curl"))).toBe(token);
  });

  it("is any for an entry that was sealed before targets were kept, until it is used", () => {
    const key = randomBytes(32);
    const about = { servers: ["github"], createdAt: 1, updatedAt: 2 };
    const sealed = seal(key, token, JSON.stringify(["github", about.servers, 1, 2]));
    expect(openEntry(key, "github", { ...about, sealed })).toBe(token);
    expect(() => openEntry(key, "github", { ...about, targets: {}, sealed })).toThrow("changed in the vault's file");
  });
});

type Content = {
  seals: Record<string, unknown>;
  entries: Record<
    string,
    { servers: string[]; targets?: object; sealed: string; createdAt: number; updatedAt: number }
  >;
};

function editFile(edit: (vault: Content) => void): void {
  const vault = JSON.parse(content()) as Content;
  edit(vault);
  writeFileSync(file(), JSON.stringify(vault));
}

function refusal(work: Promise<unknown>): Promise<MCPClientError> {
  return work.then(
    () => Promise.reject(new Error("nothing was refused")),
    (error: MCPClientError) => error,
  );
}

describe("a secret", () => {
  it("is read by the servers that it is for, by another process too", async () => {
    await openVault().set("github", token, { servers: ["github", "actions"] });
    expect(await openVault().read("github", user("actions"))).toBe(token);
  });

  it("is refused to every other server, in words", async () => {
    const vault = openVault();
    await vault.set("github", token, { servers: ["github"] });
    const error = await refusal(vault.read("github", user("evil")));
    expect(error).toMatchObject({ code: "config_invalid", message: 'That secret is not for "evil".' });
    expect(error.hint).toContain("bind it");
  });

  it("that is not there is refused with how it is added", async () => {
    expect(await refusal(openVault().read("github", user("github")))).toMatchObject({
      code: "config_invalid",
      message: "The vault holds no secret of that name.",
      hint: "Add it in Settings, or run: switchgear secrets set github --server github",
    });
    await openVault().set("other", token, { servers: ["github"] });
    for (const name of ["github", "constructor", "__proto__", "", "oauth:x"]) {
      expect((await refusal(openVault().read(name, user("github")))).code).toBe("config_invalid");
    }
  });

  it("is listed by name, without its value", async () => {
    const vault = openVault();
    await vault.set("b", token, { servers: ["y", "x", "x"] });
    await vault.set("a", token, {});
    expect(vault.list()).toEqual([
      {
        name: "a",
        servers: [],
        targets: {},
        createdAt: expect.any(Number) as number,
        updatedAt: expect.any(Number) as number,
      },
      {
        name: "b",
        servers: ["x", "y"],
        targets: {},
        createdAt: expect.any(Number) as number,
        updatedAt: expect.any(Number) as number,
      },
    ]);
    expect(JSON.stringify(vault.list())).not.toContain(token);
  });

  it("is replaced, and stays bound as it was", async () => {
    const vault = openVault();
    await vault.set("github", "the old one", { servers: ["github"] });
    const [before] = vault.list();
    await vault.set("github", token);
    expect(await vault.read("github", user("github"))).toBe(token);
    expect(vault.list()[0]).toMatchObject({ servers: ["github"], createdAt: before!.createdAt });
  });

  it("is bound anew, and removed", async () => {
    const vault = openVault();
    await vault.set("github", token, { servers: ["github"] });
    await vault.bind("github", ["actions"]);
    expect(await vault.read("github", user("actions"))).toBe(token);
    expect((await refusal(vault.read("github", user("github")))).code).toBe("config_invalid");
    await vault.remove("github");
    expect(vault.list()).toEqual([]);
    expect((await refusal(vault.remove("github"))).code).toBe("not_found");
    expect((await refusal(vault.bind("github", []))).code).toBe("not_found");
  });

  it.each(["", " ", "../x ", "a:b", "-a", "a b", "a".repeat(101)])("cannot be named %j", async (name) => {
    expect(await refusal(openVault().set(name, token))).toMatchObject({ code: "bad_request" });
    expect(existsSync(file())).toBe(false);
  });

  it("is not empty, and not endless", async () => {
    for (const value of ["", "x".repeat(65_537)]) {
      expect(await refusal(openVault().set("github", value))).toMatchObject({ code: "bad_request" });
    }
  });

  it("is known to the redactor once it was read or written", async () => {
    await openVault().set("github", token, { servers: ["github"] });
    expect(redactor.text(token)).toBe(mask);
    const later = new Redactor();
    await openVault({ keychain: new FakeKeychain(), redactor: later }).read("github", user("github"));
    openVault({ ...withKey, redactor: later });
    expect(later.text(`${token} ${passphrase}`)).toBe(`${mask} ${mask}`);
  });
});

describe("the file", () => {
  it("holds no secret, is its owner's alone, and leaves nothing beside it", async () => {
    const vault = openVault(withKey);
    await vault.set("github", token, { servers: ["github"] });
    await vault.writeInternal("oauth:https://issuer", token);
    expect(content()).not.toContain(token);
    expect(content()).not.toContain(Buffer.from(token).toString("base64").slice(0, 12));
    expect(content()).not.toContain(passphrase);
    expect(readdirSync(dirname(file()))).toEqual(["vault.json"]);
    if (process.platform !== "win32") {
      expect(statSync(file()).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(file())).mode & 0o777).toBe(0o700);
    }
  });

  it.each<[string, string, (vault: Content) => void]>([
    ["bound to another server by hand", "evil", ({ entries }) => entries.github!.servers.push("evil")],
    [
      "allowed to go elsewhere by hand",
      "github",
      ({ entries }) => (entries.github!.targets = { github: user("github").target }),
    ],
    ["left without a target by hand", "github", ({ entries }) => delete entries.github!.targets],
    ["given another's value by hand", "github", ({ entries }) => (entries.github!.sealed = entries.other!.sealed)],
    ["cut short", "github", ({ entries }) => (entries.github!.sealed = "AAAA")],
    [
      "put in the place of Switchgear's own",
      "github",
      ({ entries }) => (entries.github = { ...entries["oauth:x"]!, servers: ["github"] }),
    ],
  ])("is not believed where a secret was %s", async (_, server, edit) => {
    const vault = openVault();
    await vault.set("github", token, { servers: ["github"] });
    await vault.set("other", "another", { servers: ["github"] });
    await vault.writeInternal("oauth:x", "a token");
    editFile(edit);
    const error = await refusal(openVault().read("github", user(server)));
    expect(error).toMatchObject({ code: "vault_locked" });
    expect(error.message).toContain("was changed in");
    expect(await openVault().read("other", user("github"))).toBe("another");
  });

  it.each([
    ["damaged", "{", "is damaged"],
    ["something else", '{"version":1}', "is damaged"],
    ["a newer Switchgear's", '{"version":2}', "newer Switchgear"],
  ])("that is %s is told in words, and left as it is", async (_, text, words) => {
    mkdirSync(dirname(file()), { recursive: true });
    writeFileSync(file(), text);
    const vault = openVault();
    expect(await vault.status()).toMatchObject({ state: "damaged", reason: expect.stringContaining(words) as string });
    const works = [
      () => vault.set("a", token),
      () => vault.read("a", user("b")),
      () => vault.remove("a"),
      () => vault.writeInternal("a:b", "c"),
    ];
    for (const work of works) expect(await refusal(work())).toMatchObject({ code: "vault_locked" });
    expect(() => vault.list()).toThrow(words);
    expect(content()).toBe(text);
  });

  it("asks for no more work than a vault of ours does", async () => {
    await openVault(withKey).set("github", token, { servers: ["github"] });
    editFile(({ seals }) => Object.assign(seals.passphrase as object, { cost: 2 ** 30 }));
    expect(await openVault().status()).toMatchObject({ state: "damaged" });
  });

  it("that cannot be written says so", async () => {
    writeFileSync(join(dataFolder, "vault"), "a file in its place");
    const error = await refusal(openVault().set("github", token));
    expect(error).toMatchObject({ code: expect.stringMatching(/config_invalid|vault_locked/) as string });
    expect(error.hint).toBeTruthy();
  });
});

describe("with SWITCHGEAR_VAULT_KEY", () => {
  it("is ready before there is a file", async () => {
    expect(await openVault(withKey).status()).toEqual({ state: "ready", file: file(), openedBy: "key" });
    expect(existsSync(file())).toBe(false);
  });

  it("that is another one is locked, and never overwrites what is there", async () => {
    await openVault(withKey).set("github", token, { servers: ["github"] });
    const before = content();
    const vault = openVault({ env: { SWITCHGEAR_VAULT_KEY: "some other long passphrase" } });
    const locked = { state: "locked", reason: "SWITCHGEAR_VAULT_KEY is not the key that this vault was sealed with." };
    expect(await vault.status()).toMatchObject(locked);
    expect((await refusal(vault.set("github", "new", { servers: ["github"] }))).message).toBe(locked.reason);
    expect((await refusal(vault.read("github", user("github")))).code).toBe("vault_locked");
    expect(vault.list()).toMatchObject([{ name: "github" }]);
    expect(content()).toBe(before);
  });

  it("that is too short protects nothing", async () => {
    const vault = openVault({ env: { SWITCHGEAR_VAULT_KEY: "short" } });
    expect(await vault.status()).toMatchObject({
      state: "unavailable",
      reason: expect.stringContaining("too short") as string,
    });
    expect((await refusal(vault.set("github", token))).code).toBe("vault_locked");
  });

  it("missing, on a vault that it sealed, is locked and says which variable", async () => {
    await openVault(withKey).set("github", token, { servers: ["github"] });
    const vault = openVault({ keychain: new FakeKeychain() });
    expect(await vault.status()).toMatchObject({ state: "locked", hint: "Set SWITCHGEAR_VAULT_KEY, and start again." });
  });
});

describe("with a keychain", () => {
  it("is sealed by it, and asks it once", async () => {
    const keychain = new FakeKeychain();
    await openVault({ keychain }).set("github", token, { servers: ["github"] });
    const vault = openVault({ keychain });
    expect(await vault.status()).toMatchObject({ state: "ready", openedBy: "keychain" });
    await vault.read("github", user("github"));
    await vault.read("github", user("github"));
    expect(keychain.unsealed).toBe(1);
  });

  it("that can seal nothing is unavailable with its words, and with what would do", async () => {
    const keychain = new FakeKeychain();
    keychain.isLocked = true;
    const vault = openVault({ keychain });
    expect(await vault.status()).toMatchObject({
      state: "unavailable",
      reason: "The keychain is locked.",
      hint: expect.stringContaining("Or set SWITCHGEAR_VAULT_KEY") as string,
    });
    expect(await refusal(vault.set("github", token))).toMatchObject({ code: "vault_locked" });
    expect(existsSync(file())).toBe(false);
  });

  it("that is locked keeps the vault closed, and tells when it opens", async () => {
    const keychain = new FakeKeychain();
    await openVault({ keychain }).set("github", token, { servers: ["github"] });
    keychain.isLocked = true;
    const vault = openVault({ keychain });
    const changes: VaultChange[] = [];
    vault.onChange((change) => changes.push(change));
    expect((await refusal(vault.read("github", user("github")))).message).toContain("The keychain is locked.");
    expect(await vault.refresh()).toMatchObject({ state: "locked" });
    expect(changes).toEqual([]);
    keychain.isLocked = false;
    await vault.refresh();
    expect(changes).toEqual([{ names: new Set(), opened: true }]);
    expect(await vault.read("github", user("github"))).toBe(token);
  });

  it("that is another's does not open it", async () => {
    await openVault({ keychain: new FakeKeychain() }).set("github", token, { servers: ["github"] });
    editFile(({ seals }) => (seals.keychain = Buffer.from("another's").toString("base64")));
    const vault = openVault({ keychain: new FakeKeychain() });
    expect(await vault.status()).toMatchObject({
      state: "locked",
      reason: expect.stringContaining("another user's") as string,
    });
  });

  it("gives a key that is set a seal of its own, so that the command line opens the same vault", async () => {
    const keychain = new FakeKeychain();
    await openVault({ keychain }).set("github", token, { servers: ["github"] });
    expect(await openVault(withKey).status()).toMatchObject({
      state: "locked",
      reason: expect.stringContaining("keychain") as string,
    });
    expect(await openVault({ ...withKey, keychain }).status()).toMatchObject({ state: "ready" });
    expect(await openVault(withKey).read("github", user("github"))).toBe(token);
    expect(await openVault({ keychain }).read("github", user("github"))).toBe(token);
  });
});

it("with neither keychain nor key is unavailable, and says what to set", async () => {
  const vault = openVault({ env: {} });
  expect(await vault.status()).toMatchObject({
    state: "unavailable",
    hint: expect.stringContaining("SWITCHGEAR_VAULT_KEY") as string,
  });
  expect(vault.list()).toEqual([]);
});

describe("what Switchgear keeps for itself", () => {
  it("is kept, replaced and removed, and is not listed", async () => {
    const vault = openVault();
    expect(await vault.readInternal("audit:signing-key")).toBeNull();
    await vault.writeInternal("audit:signing-key", "one");
    expect(await openVault().readInternal("audit:signing-key")).toBe("one");
    expect(vault.list()).toEqual([]);
    await vault.writeInternal("audit:signing-key", null);
    expect(await openVault().readInternal("audit:signing-key")).toBeNull();
  });

  it("is made once, however many processes want it", async () => {
    await openVault().set("warm", token);
    const vaults = Array.from({ length: 6 }, () => openVault());
    const made = await Promise.all(
      vaults.map((vault, n) => vault.updateInternal("audit:key", (key) => key ?? `key ${n}`)),
    );
    expect(new Set(made).size).toBe(1);
  });

  it("has names that no secret can have", async () => {
    await expect(openVault().writeInternal("github", "x")).rejects.toThrow("no name of Switchgear's own");
    await expect(openVault().readInternal("github")).rejects.toThrow("no name of Switchgear's own");
  });
});

describe("among processes", () => {
  it("loses no secret when many write at once", async () => {
    await openVault().set("first", token);
    const names = Array.from({ length: 12 }, (_, n) => `secret-${n}`);
    await Promise.all(names.map((name) => openVault().set(name, token, { servers: ["x"] })));
    expect(openVault().list()).toHaveLength(13);
  });

  it("begins one vault where two begin it at once", async () => {
    await Promise.all(["a", "b"].map((name) => openVault().set(name, token, { servers: ["x"] })));
    for (const name of ["a", "b"]) expect(await openVault().read(name, user("x"))).toBe(token);
  });

  it("hears of a secret that another one changed, and of no other", async () => {
    const [here, there] = [openVault(), openVault()];
    await there.set("github", token, { servers: ["github"] });
    const changes: VaultChange[] = [];
    here.onChange((change) => changes.push(change));
    await there.set("github", "rotated", { servers: ["github"] });
    await vi.waitFor(() => expect(changes).toContainEqual({ names: new Set(["github"]), opened: false }));
    await there.set("other", "x1", { servers: ["github"] });
    await vi.waitFor(() => expect(changes.at(-1)).toEqual({ names: new Set(["other"]), opened: false }));
    expect(await here.read("github", user("github"))).toBe("rotated");
  });

  it("takes over the lock of one that died while it wrote", async () => {
    mkdirSync(dirname(file()), { recursive: true });
    writeFileSync(`${file()}.lock`, "4194304:gone");
    await openVault().set("github", token, { servers: ["github"] });
    expect(await openVault().read("github", user("github"))).toBe(token);
    expect(readdirSync(dirname(file()))).toEqual(["vault.json"]);
  });
});
