/** The vault's own key, which seals every secret: kept in its file, sealed once for each way of opening it. */

import { randomBytes } from "node:crypto";
import type { Keychain } from "../ports.ts";
import { deriveKey, keyBytes, newScrypt, seal, unseal } from "./seal.ts";
import type { Seals } from "./vault-file.ts";

/** What opens a vault where there is no keychain, or beside it. */
export const vaultKeyVariable = "SWITCHGEAR_VAULT_KEY";
/** Characters; a shorter passphrase is soon guessed. */
const shortestPassphrase = 16;
const about = "switchgear vault key";

export type OpenedKey = { key: Buffer; by: "keychain" | "key" };
/** `locked`: it is sealed, and does not open now; `unavailable`: there is nothing to seal it with. */
export type ClosedKey = { state: "locked" | "unavailable"; reason: string; hint: string };

export class VaultKey {
  #keychain: Keychain | undefined;
  #passphrase: string | undefined;
  /** What the seals gave, for as long as they are the same. */
  #opened: { seals: string; key: OpenedKey } | undefined;
  #refused: string | undefined;

  /** @param passphrase where it is given, it goes before the keychain. */
  constructor({ keychain, passphrase }: { keychain: Keychain | undefined; passphrase: string | undefined }) {
    this.#keychain = keychain;
    this.#passphrase = passphrase;
  }

  /** How a new vault would be opened, or why there can be none. */
  async way(): Promise<OpenedKey["by"] | ClosedKey> {
    const short = tooShort(this.#passphrase, "unavailable");
    if (short) return short;
    if (this.#passphrase !== undefined) return "key";
    const obstacle = await this.#obstacle();
    if (!obstacle) return "keychain";
    return { state: "unavailable", reason: obstacle.reason, hint: withKey(obstacle.hint) };
  }

  /** A new key, sealed. */
  async create(): Promise<Seals | ClosedKey> {
    const way = await this.way();
    if (typeof way !== "string") return way;
    const key = randomBytes(keyBytes);
    const seals = way === "key" ? this.#sealedByKey(key) : await this.#sealedByKeychain(key);
    if (!("reason" in seals)) this.#remember(seals, { key, by: way });
    return seals;
  }

  /** The key, by the passphrase where it is given and seals it, else by the keychain. */
  async open(seals: Seals): Promise<OpenedKey | ClosedKey> {
    if (this.#opened?.seals === JSON.stringify(seals)) return this.#opened.key;
    const closed = tooShort(this.#passphrase, "locked");
    if (closed) return closed;
    const opened =
      this.#passphrase !== undefined && seals.passphrase ? this.#openByKey(seals) : await this.#openByKeychain(seals);
    if ("key" in opened) this.#remember(seals, opened);
    return opened;
  }

  /** Whether the passphrase, where one is given, is among what opens the vault. */
  isEnrolled(seals: Seals): boolean {
    return this.#passphrase === undefined || seals.passphrase !== undefined;
  }

  /** The seals, with one by the passphrase: what the keychain opened opens from now on without a window too. */
  enrol(seals: Seals, opened: OpenedKey): Seals {
    const enrolled = { ...seals, ...this.#sealedByKey(opened.key) };
    this.#remember(enrolled, opened);
    return enrolled;
  }

  #remember(seals: Seals, key: OpenedKey): void {
    this.#opened = { seals: JSON.stringify(seals), key };
  }

  #openByKey(seals: Seals): OpenedKey | ClosedKey {
    const sealed = seals.passphrase!.key;
    if (this.#refused === sealed) return wrongKey;
    const opened = openByPassphrase(seals, this.#passphrase);
    if (opened === wrongKey) this.#refused = sealed;
    return opened;
  }

  async #openByKeychain({ keychain: sealed }: Seals): Promise<OpenedKey | ClosedKey> {
    if (sealed === undefined) return noKey;
    const obstacle = await this.#obstacle();
    if (obstacle) {
      const hint = `${obstacle.hint} ${orEnrol}`;
      return { state: "locked", reason: `This vault is sealed by the system's keychain. ${obstacle.reason}`, hint };
    }
    try {
      const text = await this.#keychain!.unseal(Buffer.from(sealed, "base64"));
      const key = Buffer.from(text, "base64");
      if (key.length === keyBytes) return { key, by: "keychain" };
    } catch {
      // Told below: what a keychain says of its refusal differs by system.
    }
    return {
      state: "locked",
      reason: "The system's keychain does not open this vault: it is locked, or another user's or machine's.",
      hint: "Unlock the keychain and try again. Nothing was changed.",
    };
  }

  async #obstacle(): Promise<{ reason: string; hint: string } | null> {
    if (this.#keychain) return this.#keychain.obstacle();
    return { reason: "The keychain is open to the application alone.", hint: "Use the application." };
  }

  #sealedByKey(key: Buffer): Pick<Seals, "passphrase"> {
    const scrypt = newScrypt();
    const sealed = seal(deriveKey(this.#passphrase!, scrypt), key.toString("base64"), about);
    return { passphrase: { ...scrypt, key: sealed } };
  }

  async #sealedByKeychain(key: Buffer): Promise<Seals | ClosedKey> {
    try {
      return { keychain: (await this.#keychain!.seal(key.toString("base64"))).toString("base64") };
    } catch {
      const hint = withKey("Unlock it and try again.");
      return { state: "unavailable", reason: "The system's keychain did not take the vault's key.", hint };
    }
  }
}

/** The key by the passphrase alone. Takes a moment, as it is made to. */
export function openByPassphrase(seals: Seals, passphrase: string | undefined): OpenedKey | ClosedKey {
  if (passphrase === undefined || !seals.passphrase) return seals.passphrase ? noKey : keychainAlone;
  const { key: sealed, ...scrypt } = seals.passphrase;
  const text = unseal(deriveKey(passphrase, scrypt), sealed, about);
  return text === null ? wrongKey : { key: Buffer.from(text, "base64"), by: "key" };
}

const orEnrol = `Or start the application once with ${vaultKeyVariable} set: that key then opens this vault too.`;

const noKey: ClosedKey = {
  state: "locked",
  reason: `This vault is sealed by ${vaultKeyVariable}, which is not set.`,
  hint: `Set ${vaultKeyVariable}, and start again.`,
};

const wrongKey: ClosedKey = {
  state: "locked",
  reason: `${vaultKeyVariable} is not the key that this vault was sealed with.`,
  hint: `Set ${vaultKeyVariable} to the key that it was sealed with, and start again. Nothing was changed.`,
};

const keychainAlone: ClosedKey = {
  state: "locked",
  reason: "This vault is sealed by the system's keychain, which is open to the application alone.",
  hint: orEnrol,
};

function tooShort(passphrase: string | undefined, state: ClosedKey["state"]): ClosedKey | null {
  if (passphrase === undefined || passphrase.length >= shortestPassphrase) return null;
  return {
    state,
    reason: `${vaultKeyVariable} is too short to protect anything: it has fewer than ${shortestPassphrase} characters.`,
    hint: "Set it to a long random text, such as `openssl rand -base64 32` gives, and start again.",
  };
}

function withKey(hint: string): string {
  return `${hint} Or set ${vaultKeyVariable} to a long random text, and start again: it then seals the vault.`;
}
