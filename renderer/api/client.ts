import type { ProcedureInput, ProcedureName, ProcedureOutput } from "../../shared/contract.ts";
import type { Outcome } from "../../shared/errors.ts";
import { ApiError } from "./api-error.ts";
import { getBridge } from "./bridge.ts";

type InputOf<N extends ProcedureName> = undefined extends ProcedureInput<N> ? [] : [input: ProcedureInput<N>];

/**
 * Asks the core for one thing and waits for the answer.
 * @throws ApiError with the core's code, message and hint.
 */
export async function call<N extends ProcedureName>(name: N, ...input: InputOf<N>): Promise<ProcedureOutput<N>> {
  const outcome = (await getBridge().invoke(name, input[0])) as Outcome<ProcedureOutput<N>>;
  if (!outcome.ok) throw new ApiError(outcome.error);
  return outcome.value;
}
