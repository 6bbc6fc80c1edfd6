import { z } from "zod";
import { operators } from "./operator.ts";

/** What a token opens. One for the one opens nothing of the others. */
export const accessAreaSchema = z.enum(["approvals-api", "gateway", "metrics"]);
export type AccessArea = z.infer<typeof accessAreaSchema>;

/** Who calls without a token of its own, as records and policies name it. */
const reservedNames: readonly string[] = [...operators, "terminal", "library", "switchgear"];

export const accessNameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,59}$/,
    "a name is up to 60 lower-case letters, digits, dots, _ and -, and starts with a letter or digit",
  )
  .refine((name) => !reservedNames.includes(name), "this name is Switchgear's own; choose another");

/** What a client may see is at most this many patterns. */
const mostPatterns = 200;
const serverPattern = String.raw`[a-z0-9_*?-]+`;

/** A server, or `server.tool`; in both, `*` is any run of characters and `?` is one. */
const seenPatternSchema = z
  .string()
  .max(300)
  .regex(
    new RegExp(String.raw`^${serverPattern}(\..+)?$`, "su"),
    "name a server, as in github, or tools of it, as in github.get_*; * is any run of characters, ? is one",
  );

/** What a client of the gateway is shown, and how. */
export const clientViewSchema = z.strictObject({
  /** The servers and tools that it may see, and nothing else; `null` is all. To this, a resource is the tool `resources/read`, a prompt `prompts/get`. */
  sees: z.array(seenPatternSchema).max(mostPatterns).nullable(),
  /** It is shown three tools that find, describe and call the others, in the place of all of them. */
  lazy: z.boolean(),
});
export type ClientView = z.infer<typeof clientViewSchema>;

/** Of one server, what a client sees. */
export const seenServerSchema = z.object({
  server: z.string(),
  seen: z.array(z.string()),
  /** How many of its tools it does not see. */
  hidden: z.number().int(),
});
export type SeenServer = z.infer<typeof seenServerSchema>;

export const wholeView: ClientView = { sees: null, lazy: false };

/** A token as it is listed: never the token itself, of which only a hash is kept. Times are wall-clock milliseconds. */
export const accessTokenSchema = z.object({
  /** The part of the token that is no secret: it begins with `sg_<id>_`. */
  id: z.string(),
  area: accessAreaSchema,
  /** Who carries it, as records and policies name it. */
  name: z.string(),
  createdAt: z.number(),
  /** To the minute. */
  lastUsedAt: z.number().nullable(),
  revokedAt: z.number().nullable(),
  /** Of a client of the gateway; for the other areas it says nothing. */
  view: clientViewSchema,
});
export type AccessToken = z.infer<typeof accessTokenSchema>;

/** The only answer that ever holds a token. */
export const newAccessTokenSchema = z.object({ token: z.string(), access: accessTokenSchema });
export type NewAccessToken = z.infer<typeof newAccessTokenSchema>;
