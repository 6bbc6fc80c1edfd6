import { z } from "zod";
import { procedures, type ProcedureName } from "../../shared/contract.ts";
import type { Outcome } from "../../shared/errors.ts";
import { MCPClientError, toClientError } from "../core/errors.ts";
import type { Logger } from "../core/ports.ts";
import type { Handlers } from "./handlers.ts";

export type ProcedureParts = {
  handlers: Handlers;
  logger: Logger;
  /** Masks secrets in whatever a page is told: the last of several nets. */
  mask: <T>(value: T) => T;
};

/** Parses the input of one procedure, runs its handler, and turns failure into a value. */
export async function runProcedure(
  { handlers, logger, mask }: ProcedureParts,
  name: unknown,
  input: unknown,
): Promise<Outcome<unknown>> {
  if (!isProcedure(name))
    return refused(`There is no procedure ${typeof name === "string" ? JSON.stringify(name) : "without a name"}.`);
  const parsed = procedures[name].input.safeParse(input);
  if (!parsed.success) return refused(`${name}: ${z.prettifyError(parsed.error)}`);
  try {
    const handler = handlers[name] as (input: unknown) => unknown;
    return { ok: true, value: mask(await handler(parsed.data)) };
  } catch (thrown) {
    const error = toClientError(thrown);
    if (error.code === "internal") logger.error("A procedure failed.", { procedure: name, error: thrown });
    return { ok: false, error: mask(error.toWire()) };
  }
}

export function refused(message: string): Outcome<never> {
  return { ok: false, error: new MCPClientError("bad_request", message).toWire() };
}

function isProcedure(name: unknown): name is ProcedureName {
  return typeof name === "string" && Object.hasOwn(procedures, name);
}
