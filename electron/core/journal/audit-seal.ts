/** Signs the head of the audit chain, so that its end cannot be cut off unnoticed. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import type { AuditSeal } from "../../../shared/audit.ts";
import { MCPClientError } from "../errors.ts";
import type { Clock, Logger } from "../ports.ts";
import { sealedText } from "./audit-record.ts";
import type { AuditChain } from "./journal.ts";

/** Where the signing key is kept: the vault, under a name that is no user's. */
export type KeyKeeper = {
  /** `null` where there is none yet. @throws MCPClientError `vault_locked` */
  read(): Promise<string | null>;
  /** Keeps what `create` makes, unless there is one by now. @returns the one that is kept. @throws as `read` */
  make(create: () => string): Promise<string>;
};

export type AuditSealerDeps = {
  audit: Pick<AuditChain, "unsealedHead" | "addSeal">;
  clock: Clock;
  logger: Pick<Logger, "warn">;
  keeper: KeyKeeper;
};

/** How often the head is signed, milliseconds. */
export const sealEveryMs = 3_600_000;

/**
 * Signs each hour, and when it closes. Where no vault can be used nothing is signed, and checking the chain says so; the key is asked
 * for again next time.
 */
export class AuditSealer {
  #deps: AuditSealerDeps;
  #key: KeyObject | null = null;
  #timer: Disposable | null = null;
  #failing = false;
  #closed = false;

  constructor(deps: AuditSealerDeps) {
    this.#deps = deps;
    this.#schedule();
  }

  /** Signs the head now, unless it is signed. @returns whether the whole chain is signed */
  async seal(): Promise<boolean> {
    try {
      const head = await this.#deps.audit.unsealedHead();
      if (!head) return true;
      const key = await this.#signingKey();
      const unsigned = { ...head, at: Math.round(this.#deps.clock.wallNow()) };
      const signature = sign(null, Buffer.from(sealedText(unsigned)), key).toString("base64");
      await this.#deps.audit.addSeal({ ...unsigned, key: publicText(key), signature } satisfies AuditSeal);
      this.#failing = false;
      return true;
    } catch (error) {
      if (!this.#failing && !isClosedVault(error))
        this.#deps.logger.warn("The audit chain could not be signed; trying again.", { error });
      this.#failing = true;
      return false;
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.[Symbol.dispose]();
    await this.seal();
  }

  #schedule(): void {
    this.#timer = this.#deps.clock.schedule(sealEveryMs, () => {
      this.#schedule();
      void this.seal();
    });
  }

  async #signingKey(): Promise<KeyObject> {
    const { keeper } = this.#deps;
    this.#key ??= fromText((await keeper.read()) ?? (await keeper.make(newKey)));
    return this.#key;
  }
}

function newKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ format: "der", type: "pkcs8" }).toString("base64");
}

/** That no vault can be used is told where secrets are; it is no fault of the chain. */
function isClosedVault(error: unknown): boolean {
  return error instanceof MCPClientError && error.code === "vault_locked";
}

function fromText(text: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(text, "base64"), format: "der", type: "pkcs8" });
}

function publicText(key: KeyObject): string {
  return createPublicKey(key).export({ format: "der", type: "spki" }).toString("base64");
}
