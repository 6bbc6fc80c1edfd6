import { extractWWWAuthenticateParams } from "@modelcontextprotocol/client";

/** What a server said as it refused a request, in `WWW-Authenticate`. */
export type Challenge = {
  resourceMetadataUrl?: URL | undefined;
  /** What it says that the request needs. */
  scopes: readonly string[];
  /** Whether the token is good, and only does not reach far enough. */
  isInsufficientScope: boolean;
};

export const noChallenge: Challenge = { scopes: [], isInsufficientScope: false };

export function readChallenge(status: number, header: string | null): Challenge {
  const headers = new Headers(header === null ? {} : { "www-authenticate": header });
  const { resourceMetadataUrl, scope, error } = extractWWWAuthenticateParams(new Response(null, { status, headers }));
  return {
    resourceMetadataUrl,
    scopes: words(scope),
    isInsufficientScope: status === 403 && error === "insufficient_scope",
  };
}

/** The scopes of a `scope` parameter, each once. */
export function words(scope: string | undefined): string[] {
  return [...new Set(scope?.split(" ").filter((word) => word !== ""))];
}
