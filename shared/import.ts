import { z } from "zod";
import { serverIdSchema } from "./server.ts";
import { secretNameSchema, vaultStatusSchema } from "./vault.ts";

/** Another client's file of servers that stands where that client keeps it. */
export const clientConfigSchema = z.object({ client: z.string(), file: z.string() });
export type ClientConfig = z.infer<typeof clientConfigSchema>;

/** A credential that a client's file holds as it is. Its value never leaves the core. */
const inlineCredentialSchema = z.object({
  /** Where it stands: `env.GITHUB_TOKEN`, `headers.Authorization`, `args[2]`, `url`. */
  key: z.string(),
  /** The name proposed for it in the vault; `null` where no reference can stand. */
  secret: secretNameSchema.nullable(),
});
export type InlineCredential = z.infer<typeof inlineCredentialSchema>;

const importableServerSchema = z.object({
  id: serverIdSchema,
  /** What the client calls it. */
  name: z.string(),
  transport: z.enum(["stdio", "http", "websocket"]),
  /** The exact command line or URL, credentials masked. */
  target: z.string(),
  /** Its variables or headers, working folder and the like, one `NAME=value` a line, credentials masked. */
  settings: z.array(z.string()),
  credentials: z.array(inlineCredentialSchema),
  /** Secrets that the client asks a person for, so that they are yet to be put in the vault. */
  asked: z.array(z.string()),
  /** What is not as the client has it. */
  notes: z.array(z.string()),
});
export type ImportableServer = z.infer<typeof importableServerSchema>;

/** A server of the file that cannot be imported, and why. */
const refusedServerSchema = z.object({
  name: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  message: z.string(),
});
export type RefusedServer = z.infer<typeof refusedServerSchema>;

/** What a client's file holds; nothing is written yet. */
export const importPreviewSchema = z.object({
  /** To be handed back with the choices, which are for this file as it was shown. */
  id: z.string(),
  file: z.string(),
  vault: vaultStatusSchema,
  servers: z.array(importableServerSchema),
  refused: z.array(refusedServerSchema),
});
export type ImportPreview = z.infer<typeof importPreviewSchema>;

const credentialChoiceSchema = z.discriminatedUnion("to", [
  z.strictObject({ to: z.literal("vault"), name: secretNameSchema }),
  /** It stays in the server's file, as it is. */
  z.strictObject({ to: z.literal("file") }),
]);
export type CredentialChoice = z.infer<typeof credentialChoiceSchema>;

/** What a person wants of one server. A credential that nobody spoke of keeps its server out. */
export const importChoiceSchema = z.strictObject({
  id: serverIdSchema,
  /** Whether it may be started or dialled at once. */
  enable: z.boolean(),
  /** By the credential's key. */
  credentials: z.record(z.string(), credentialChoiceSchema),
});
export type ImportChoice = z.infer<typeof importChoiceSchema>;

export const importResultSchema = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    id: z.string(),
    file: z.string(),
    enabled: z.boolean(),
    /** Secrets that it needs and the vault does not hold. */
    missing: z.array(z.string()),
  }),
  z.object({ ok: z.literal(false), id: z.string(), message: z.string(), hint: z.string().nullable() }),
]);
export type ImportResult = z.infer<typeof importResultSchema>;
