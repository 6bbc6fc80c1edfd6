import type { Keychain } from "./ports.ts";

const sealedBy = "fake keychain ";

/** A keychain for tests, which can be locked. What it seals is not secret. */
export class FakeKeychain implements Keychain {
  isLocked = false;
  /** How often something was unsealed. */
  unsealed = 0;

  obstacle = async () => (this.isLocked ? { reason: "The keychain is locked.", hint: "Unlock it." } : null);

  seal = async (text: string) => Buffer.from(sealedBy + text);

  unseal = async (sealed: Buffer) => {
    const text = sealed.toString();
    if (this.isLocked || !text.startsWith(sealedBy)) throw new Error("The keychain does not open this.");
    this.unsealed++;
    return text.slice(sealedBy.length);
  };
}
