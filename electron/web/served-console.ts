/** Where the console is served, for other processes on the same data folder: they are not to ask whoever listens at a port. */

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isProcessAlive, processIdentity } from "../core/process-identity.ts";

const servedSchema = z.object({
  /** The address of the gateway, whose port the console shares. */
  gateway: z.url(),
  /** Further origins under which it is opened. */
  origins: z.array(z.url()).default([]),
});
export type Served = z.infer<typeof servedSchema>;
const schema = servedSchema.extend({ owner: z.string() });

/** @returns what takes it back */
export function tellServed(data: string, served: Served): Disposable {
  const file = fileIn(data);
  writeFileSync(file, JSON.stringify({ ...served, owner: processIdentity() } satisfies z.infer<typeof schema>));
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}

/** @returns `null` where no process that lives serves a console */
export function findServed(data: string): Served | null {
  try {
    const { owner, ...served } = schema.parse(JSON.parse(readFileSync(fileIn(data), "utf8")));
    return isProcessAlive(owner) ? served : null;
  } catch {
    return null;
  }
}

function fileIn(data: string): string {
  return join(data, "console.json");
}
