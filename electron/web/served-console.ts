/** Where the console is served, for other processes on the same data folder: they are not to ask whoever listens at a port. */

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isProcessAlive, processIdentity } from "../core/process-identity.ts";

const schema = z.object({ gateway: z.url(), owner: z.string() });

/** @param gateway its address, whose port the console shares. @returns what takes it back */
export function tellServed(data: string, gateway: string): Disposable {
  const file = fileIn(data);
  writeFileSync(file, JSON.stringify({ gateway, owner: processIdentity() } satisfies z.infer<typeof schema>));
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}

/** @returns the gateway's address; `null` where no process that lives serves a console */
export function findServed(data: string): string | null {
  try {
    const { gateway, owner } = schema.parse(JSON.parse(readFileSync(fileIn(data), "utf8")));
    return isProcessAlive(owner) ? gateway : null;
  } catch {
    return null;
  }
}

function fileIn(data: string): string {
  return join(data, "console.json");
}
