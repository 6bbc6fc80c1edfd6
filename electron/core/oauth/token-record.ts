import type { AuthorizationServerMetadata, OAuthTokens } from "@modelcontextprotocol/client";
import { z } from "zod";
import { words } from "./challenge.ts";

/** Keeps what the sign-in to each server gave: the vault, and never a plain file. Each fails with `vault_locked` while it cannot. */
export type TokenStore = {
  read(name: string): Promise<string | null>;
  /** Resolves once it is kept. */
  write(name: string, value: string): Promise<void>;
  /** Looks whether something could be kept now. */
  assertUsable(): Promise<void>;
};

/** What an authorization server says of itself: what the SDK reads, and beside it what it does not. */
export type ServerMetadata = AuthorizationServerMetadata & Record<string, unknown>;

const tokensSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string().nullable(),
  /** Wall-clock milliseconds; `null` where the authorization server did not say. */
  expiresAt: z.number().nullable(),
  scopes: z.array(z.string()),
});
export type Tokens = z.infer<typeof tokensSchema>;

const clientSchema = z.object({
  id: z.string(),
  /** Where the authorization server gave one as it registered us; one of the server's file is read there each time. */
  secret: z.string().nullable(),
  /** Where the browser may come back to, as registered; `null` where that is none of our business. */
  redirectUri: z.string().nullable(),
  /** What it may ask for, as registered. */
  scopes: z.array(z.string()),
});
export type ClientIdentity = z.infer<typeof clientSchema>;

const recordSchema = z.object({
  version: z.literal(1),
  /** The server's address. The tokens are sent to it and to no other. */
  serverUrl: z.string(),
  /** The authorization server. What it gave is sent to it and to no other. */
  issuer: z.string(),
  metadata: z.record(z.string(), z.unknown()).transform((value) => value as ServerMetadata),
  resource: z.string(),
  client: clientSchema,
  /** `null` once they were refused, or given back. */
  tokens: tokensSchema.nullable(),
});
/** What is kept of the sign-in to one server. */
export type TokenRecord = z.infer<typeof recordSchema>;

/** @returns `null` for what an older or newer version wrote, or nobody. */
export function readRecord(text: string | null): TokenRecord | null {
  if (text === null) return null;
  try {
    return recordSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** @param asked the scopes that stand where the answer names none: those that were asked for (RFC 6749, 5.1). */
export function toTokens(given: OAuthTokens, asked: readonly string[], now: number): Tokens {
  return {
    accessToken: given.access_token,
    refreshToken: given.refresh_token ?? null,
    expiresAt: given.expires_in === undefined ? null : now + given.expires_in * 1000,
    scopes: given.scope === undefined ? [...asked] : words(given.scope),
  };
}
