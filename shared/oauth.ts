import { z } from "zod";

const httpsUrl = z.url({ protocol: /^https$/, error: "must be an https:// URL" });
/** RFC 6749, 3.3. */
const scope = z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, "a scope is one word without quotes");
const secretReference = z
  .string()
  .regex(/^(?:env|secrets):\/\/\S+$/, "must be a reference, `env://NAME` or `secrets://name`, rather than the secret");

/** `auth` of a server file. Without it, a server that answers 401 is asked how to sign in. */
export const oauthConfigSchema = z
  .strictObject({
    type: z.literal("oauth"),
    /** A person in a browser, or the program by itself. */
    grant: z.enum(["authorization_code", "client_credentials"]).default("authorization_code"),
    /** The one authorization server that is trusted, where the server names several or might come to name another. */
    issuer: z.url().optional(),
    /** As the authorization server registered it; else Switchgear registers itself. */
    client_id: z.string().min(1).optional(),
    client_secret: secretReference.optional(),
    /** Where a client id metadata document of yours is; used where the authorization server takes such. */
    client_metadata_url: httpsUrl.optional(),
    /** Asked for instead of what the server says that it needs. */
    scopes: z.array(scope).optional(),
    /** The port on 127.0.0.1 that the browser comes back to, where the authorization server insists on one. Default: a free one. */
    redirect_port: z.number().int().min(1024).max(65_535).optional(),
  })
  .superRefine(({ grant, issuer, client_id, client_secret }, context) => {
    const fault = (key: string, message: string) => context.addIssue({ code: "custom", path: [key], message });
    if (client_secret === undefined) {
      if (grant === "client_credentials")
        fault("grant", "client_credentials needs `client_id` and `client_secret` too");
      return;
    }
    if (client_id === undefined) fault("client_secret", "it needs `client_id` beside it");
    if (issuer === undefined) {
      fault("client_secret", "it needs `issuer` beside it: the one authorization server that the secret is for");
    }
  });
export type OAuthConfig = z.infer<typeof oauthConfigSchema>;

/** How a server that takes OAuth stands; nothing of it is secret. Times are wall-clock milliseconds. */
export const signInStateSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("signed-out") }),
  z.object({
    kind: z.literal("signed-in"),
    /** Who: a person by the browser, or the program by its client credentials. */
    grant: z.enum(["authorization_code", "client_credentials"]),
    issuer: z.string(),
    scopes: z.array(z.string()),
    /** `null` where the authorization server did not say. */
    expiresAt: z.number().nullable(),
    /** Whether it can be renewed without a person. */
    renewable: z.boolean(),
    /** Scopes that the server asked for and that were not granted. */
    missing: z.array(z.string()),
  }),
]);
export type SignInState = z.infer<typeof signInStateSchema>;

/** What a person sees before the browser is opened. */
export const signInRequestSchema = z.object({
  server: z.string(),
  /** The exact address that the browser will open. */
  url: z.string(),
  /** Its host, with the port where it is not the usual one. */
  host: z.string(),
  issuer: z.string(),
  /** What the tokens are for. */
  resource: z.string(),
  /** Empty where the authorization server decides. */
  scopes: z.array(z.string()),
  redirectUri: z.string(),
  /** How this program is known there. */
  clientId: z.string(),
  /** Wall-clock milliseconds: nothing is listened for after it. */
  expiresAt: z.number(),
});
export type SignInRequest = z.infer<typeof signInRequestSchema>;

/** How a sign-out ended: `kept` where the authorization server could not be told, or takes no such order. */
export const signOutSchema = z.object({ revoked: z.boolean(), reason: z.string().nullable() });
export type SignOut = z.infer<typeof signOutSchema>;
