import { z } from "zod";

/** What is wrong with a configuration file, and where. Lines and columns count from 1; `null` where the file as a whole is meant. */
export const fileProblemSchema = z.object({
  file: z.string(),
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
  message: z.string(),
});
export type FileProblem = z.infer<typeof fileProblemSchema>;

export const catalogStatusSchema = z.object({
  /** The folder in use, absolute. */
  folder: z.string(),
  /** Server files that are left out, and why. */
  problems: z.array(fileProblemSchema),
});
export type CatalogStatus = z.infer<typeof catalogStatusSchema>;
