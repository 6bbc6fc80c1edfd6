/** AES-256-GCM over text, and the key that a passphrase gives. */

import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";

const cipher = "aes-256-gcm";
export const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** How a passphrase is made a key; kept beside what it seals, so that later versions may ask for more work. */
export type Scrypt = { salt: string; cost: number; blockSize: number; parallelization: number };

/** A fresh salt, and as much work as OWASP asks for with 32 MiB of memory (Password Storage Cheat Sheet, scrypt). */
export function newScrypt(): Scrypt {
  return { salt: randomBytes(16).toString("base64"), cost: 2 ** 15, blockSize: 8, parallelization: 3 };
}

export function deriveKey(passphrase: string, { salt, cost, blockSize, parallelization }: Scrypt): Buffer {
  const options = { cost, blockSize, parallelization, maxmem: 256 * cost * blockSize };
  return scryptSync(passphrase.normalize("NFKC"), Buffer.from(salt, "base64"), keyBytes, options);
}

/** @param about what the text is sealed for: it opens only beside the same words. @returns base64. */
export function seal(key: Buffer, text: string, about: string): string {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(about, "utf8"));
  const sealed = Buffer.concat([sealing.update(text, "utf8"), sealing.final()]);
  return Buffer.concat([nonce, sealing.getAuthTag(), sealed]).toString("base64");
}

/** @returns `null` where the key is another, or anything was changed. */
export function unseal(key: Buffer, sealed: string, about: string): string | null {
  const bytes = Buffer.from(sealed, "base64");
  if (bytes.length < nonceBytes + tagBytes) return null;
  const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  opening.setAAD(Buffer.from(about, "utf8")).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    return Buffer.concat([opening.update(bytes.subarray(nonceBytes + tagBytes)), opening.final()]).toString("utf8");
  } catch {
    return null;
  }
}
