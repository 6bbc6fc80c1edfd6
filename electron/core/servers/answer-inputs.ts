import type { InputRequiredResult } from "@modelcontextprotocol/client";
import { inputMethodSchema, type InputMethod, type InputRequest, type InputResponse } from "../../../shared/input.ts";
import { abortSignalOf } from "../cancellation.ts";
import { MCPProtocolError } from "../errors.ts";
import { InputRefusal } from "../inputs/input-refusal.ts";
import type { Root } from "../inputs/input-rules.ts";
import type { Clock } from "../ports.ts";
import type { RunningCall } from "./server-calls.ts";

/** What goes with the call when it is made again. */
export type Given = { inputResponses?: Record<string, InputResponse>; requestState?: string };

type Asker = {
  clock: Clock;
  /** As the server's file has them. */
  roots: readonly Root[];
  server: string;
  /** How often this call asked before. */
  rounds: number;
};

/** JSON-RPC, since the 2026-07-28 revision: a request needs what its client cannot do. */
const missingCapability = -32_021;
/** Between two looks at a call whose server asks for nothing but time, milliseconds. */
const paceMs = 250;
/** How often one call may ask for something. */
const mostRounds = 20;

/**
 * What a server of the 2026-07-28 revision needs before it goes on, and its state as it came.
 * @throws MCPProtocolError where it asks for what nobody can answer, or without end; whatever the call's signal is aborted with
 */
export async function answerInputs(
  { inputRequests, requestState }: InputRequiredResult,
  call: RunningCall,
  asker: Asker,
): Promise<Given> {
  const { clock, server, rounds } = asker;
  const asked = Object.entries(inputRequests ?? {});
  const state = requestState === undefined ? {} : { requestState };
  if (asked.length === 0) {
    await clock.sleep(paceMs, abortSignalOf(call.signal));
    return state;
  }
  if (rounds >= mostRounds) throw unanswered(`"${server}" asks again and again in one call.`);
  // The first that cannot be answered ends the call, and with it the others.
  const over = new AbortController();
  const signal = call.signal ? AbortSignal.any([abortSignalOf(call.signal), over.signal]) : over.signal;
  try {
    const answers = await Promise.all(
      asked.map(async ([key, request]) => [key, await answerOne({ key, ...request }, call, asker, signal)] as const),
    );
    return { ...state, inputResponses: Object.fromEntries(answers) };
  } finally {
    over.abort();
  }
}

async function answerOne(
  request: { key: string; method: string; params?: unknown },
  { inputs }: RunningCall,
  { server, roots }: Asker,
  signal: AbortSignal,
): Promise<InputResponse> {
  const method = inputMethodSchema.safeParse(request.method).data;
  if (!method) throw unanswered(`"${server}" asked for ${request.method}, which the protocol does not know.`);
  if (!inputs) return withoutAnswer(method, `"${server}" asked for ${method}, and nobody is there to answer.`);
  try {
    const params = (request.params ?? {}) as InputRequest["params"];
    return await inputs.answer({ method, params, key: request.key }, roots, signal);
  } catch (error) {
    if (!(error instanceof InputRefusal)) throw error;
    return withoutAnswer(method, `"${server}" asked for ${method}: ${error.message}`);
  }
}

/** This revision has no error for one request: of a question it can be told that nobody chose, and otherwise the call ends. */
function withoutAnswer(method: InputMethod, message: string): InputResponse {
  if (method === "elicitation/create") return { action: "cancel" };
  throw unanswered(message);
}

function unanswered(message: string): MCPProtocolError {
  return new MCPProtocolError(message, missingCapability, undefined);
}
