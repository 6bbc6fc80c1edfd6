import type { FetchLike } from "@modelcontextprotocol/client";
import type { SignOut } from "../../../shared/oauth.ts";
import { authenticate, clientInformation } from "./client-identity.ts";
import type { TokenRecord } from "./token-record.ts";

/** Tells the authorization server to forget the tokens (RFC 7009), where it takes such an order. Fails with words, never by throwing. */
export async function revoke(record: TokenRecord, clientSecret: string | null, fetch: FetchLike): Promise<SignOut> {
  const { metadata, issuer, client, tokens } = record;
  const { host } = new URL(issuer);
  const endpoint = metadata["revocation_endpoint"];
  if (tokens === null) return { revoked: false, reason: null };
  if (typeof endpoint !== "string") return kept(`${host} takes back no tokens`);
  const supported = metadata["revocation_endpoint_auth_methods_supported"];
  const methods = (Array.isArray(supported) ? supported : metadata.token_endpoint_auth_methods_supported) ?? [];
  const order = async (token: string, hint: string) => {
    const headers = new Headers({ "content-type": "application/x-www-form-urlencoded" });
    const body = new URLSearchParams({ token, token_type_hint: hint });
    authenticate(clientInformation(client, clientSecret), methods as string[], headers, body);
    const { status } = await fetch(endpoint, { method: "POST", headers, body: body.toString() });
    if (status !== 200) throw new Error(`${host} answered with HTTP ${status}`);
  };
  try {
    // The refresh token first: with it goes all that came of it, where the server keeps to RFC 7009.
    if (tokens.refreshToken !== null) await order(tokens.refreshToken, "refresh_token");
    await order(tokens.accessToken, "access_token");
    return { revoked: true, reason: null };
  } catch (error) {
    return kept((error as Error).message.replace(/\.$/, ""));
  }
}

function kept(why: string): SignOut {
  return { revoked: false, reason: `${why}; they are forgotten here, and end there when their time is up.` };
}
