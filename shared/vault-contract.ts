import { z } from "zod";
import { serverIdSchema } from "./server.ts";
import { secretNameSchema, secretValueSchema, vaultViewSchema } from "./vault.ts";

const none = z.undefined().optional();
const boundServers = z.array(serverIdSchema).max(200);

/** Secrets go in and never out: there is no procedure that answers with one. */
export const vaultProcedures = {
  "vault.get": { input: none, output: vaultViewSchema },
  "vault.refresh": { input: none, output: vaultViewSchema },
  "vault.set": {
    input: z.strictObject({ name: secretNameSchema, value: secretValueSchema, servers: boundServers }),
    output: z.void(),
  },
  "vault.bind": { input: z.strictObject({ name: secretNameSchema, servers: boundServers }), output: z.void() },
  /** `hash`: of the target that was shown. */
  "vault.allow": {
    input: z.strictObject({ name: secretNameSchema, server: serverIdSchema, hash: z.string() }),
    output: z.void(),
  },
  "vault.remove": { input: z.strictObject({ name: secretNameSchema }), output: z.void() },
} as const;
