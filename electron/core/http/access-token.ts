import { hash, randomBytes, timingSafeEqual } from "node:crypto";

/** A new token as it is shown, once, and what is kept of it. */
export type MintedToken = { id: string; token: string; hash: string };

/** `sg_<id>_<secret>`: the id, which is no secret, finds the record; 256 random bits prove it. */
const form = /^sg_([0-9a-f]{12})_([\w-]{43})$/;
/** What every token begins with, so that one that has gone astray is recognised. */
const prefix = "sg_";

export function mintToken(): MintedToken {
  const id = randomBytes(6).toString("hex");
  const secret = randomBytes(32).toString("base64url");
  return { id, token: `${prefix}${id}_${secret}`, hash: hashOf(secret) };
}

/** @returns `null` where the text has not the form of a token. */
export function readToken(text: string): { id: string; secret: string } | null {
  const [, id, secret] = form.exec(text) ?? [];
  return id !== undefined && secret !== undefined ? { id, secret } : null;
}

/** Whether the secret is the one that was hashed; takes the same time either way. */
export function proves(secret: string, known: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(known));
}

export function looksLikeToken(text: string): boolean {
  return text.startsWith(prefix);
}

function hashOf(secret: string): string {
  return hash("sha256", secret);
}
