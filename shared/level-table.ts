import { z } from "zod";
import { permissionLevelSchema, policyProblemSchema } from "./policy.ts";

/** What a policy says of a tool in one environment, before arguments are known. */
export const levelCellSchema = z.object({
  level: permissionLevelSchema,
  /** What decided: a place in the table's `rules`. */
  rule: z.number().int(),
  /** True where arguments can change it. */
  conditional: z.boolean(),
});
export type LevelCell = z.infer<typeof levelCellSchema>;

/** Every known tool with its level in each environment. */
export const levelTableSchema = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    file: z.string(),
    environments: z.array(z.string()),
    /** Each rule that decides somewhere, and its line; `null` where it stands on none. */
    rules: z.array(z.object({ name: z.string(), line: z.number().int().nullable() })),
    rows: z.array(
      z.object({
        server: z.string(),
        tool: z.string(),
        /** In the order of `environments`. */
        cells: z.array(levelCellSchema),
      }),
    ),
  }),
  z.object({ ok: z.literal(false), problems: z.array(policyProblemSchema) }),
]);
export type LevelTable = Extract<z.infer<typeof levelTableSchema>, { ok: true }>;
export type LevelRow = LevelTable["rows"][number];
