import { z } from "zod";

/** What `secrets://NAME` may name. What Switchgear keeps for itself has a colon in its name, so no server's file can refer to it. */
export const secretNameSchema = z
  .string()
  .max(100)
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?$/,
    "a secret's name is letters, digits, and . _ - / between them",
  );

/** The longest secret, characters: room for a private key. */
export const longestSecret = 65_536;

export const secretValueSchema = z.string().min(1, "a secret is not empty").max(longestSecret);

const why = { reason: z.string(), hint: z.string() };

/** Whether the vault can be opened, and what to do where it cannot. */
export const vaultStatusSchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("ready"), file: z.string(), openedBy: z.enum(["keychain", "key"]) }),
  /** It is there, and closed: the keychain is locked, or the key is missing or another. */
  z.object({ state: z.literal("locked"), file: z.string(), ...why }),
  /** Nothing here can seal a secret. */
  z.object({ state: z.literal("unavailable"), file: z.string(), ...why }),
  /** The file cannot be used, and is left as it is. */
  z.object({ state: z.literal("damaged"), file: z.string(), ...why }),
]);
export type VaultStatus = z.infer<typeof vaultStatusSchema>;

/** Where a secret goes: what a server's file has Switchgear start or dial. */
export const secretTargetSchema = z.strictObject({
  /** SHA-256, hex, of what the file says. */
  hash: z.string(),
  /** The same for people, literal credentials masked. */
  shown: z.string(),
});
export type SecretTarget = z.infer<typeof secretTargetSchema>;

/** A secret as it is listed: everything but its value. */
export const storedSecretSchema = z.object({
  name: z.string(),
  /** The servers that may use it. */
  servers: z.array(z.string()),
  /** Wall-clock milliseconds. */
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type StoredSecret = z.infer<typeof storedSecretSchema>;

const movedSchema = z.object({ server: z.string(), from: z.string(), to: secretTargetSchema });

export const vaultViewSchema = z.object({
  status: vaultStatusSchema,
  /** `usedBy`: the servers whose files refer to it. `moved`: those whose files would send it elsewhere than a person allowed. */
  secrets: z.array(storedSecretSchema.extend({ usedBy: z.array(z.string()), moved: z.array(movedSchema) })),
  /** What servers' files refer to and the vault does not hold. */
  missing: z.array(z.object({ name: z.string(), usedBy: z.array(z.string()) })),
});
export type VaultView = z.infer<typeof vaultViewSchema>;
